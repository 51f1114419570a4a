# service_port: the port of a Service (the input) that speaks HTTP: one that is called so, else the first; TCP only.
[.spec.ports[]? | select((.protocol // "TCP") == "TCP")]
| first((.[] | select(.name // "" | startswith("http"))), .[]) // empty
| .port
