# money: what a cost record comes to, in words for people; the input of each is cost.json.

# What was not priced is said beside what was.
def cost_words:
  [if .hour.gpu_usd == null then "GPU" else empty end,
   if .hour.cpu_usd == null then "CPU" else empty end,
   if .hour.memory_usd == null then "memory" else empty end] as $without
  | "\(.text.hourly_cost) an hour"
    + (if .text.cost_per_1k_tokens then ", \(.text.cost_per_1k_tokens) per 1K tokens" else "" end)
    + (if $without == [] then "" else " (without \($without | join(" and ")))" end);
