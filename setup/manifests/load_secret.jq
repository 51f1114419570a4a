# The API key that the pods of a load send.  It is never an argument: it stands in the environment of the program that makes this.
include "load";

{apiVersion: "v1", kind: "Secret", type: "Opaque", metadata: load_meta(load.name), stringData: {key: env.TOKPIPE_API_KEY}}
