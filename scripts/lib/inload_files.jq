# inload_files: the workload as pods read it: its files lie beside it.  In: the workload; --arg folder: where that is.
def here($name): if . == null then . else "\($folder)/\($name)" end;
.prompts |= (if type == "object" then (if has("file") then .file |= here("prompts") else . end)
    | (if has("words") then .words |= here("words") else . end) else . end)
| .load_test |= (if has("schedule") then .schedule |= here("schedule") else . end)
