# host: the machine that sends the load, from --arg name, kernel, os, cpu, cpus, memory_kb.
{
  name: $name,
  os: $os,
  kernel: $kernel,
  cpu: $cpu,
  cpus: ($cpus | tonumber),
  memory_bytes: (($memory_kb | tonumber) * 1024)
}
