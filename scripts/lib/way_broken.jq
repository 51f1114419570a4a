# way_broken: run.json with how often its port-forward broke: --argjson breaks.
.warnings = (.warnings // []) + [{code: "port-forward-broken",
  message: ("the port-forward broke \($breaks) times and was made again: requests that were under way or due then failed "
    + "(--resume with --retry connect,stream sends them again)")}]
