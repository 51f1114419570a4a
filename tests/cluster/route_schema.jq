# A definition of OpenShift's Route, as strict as its documented fields, so that an API server without
# OpenShift can validate one.  In a group of its own: to the tools the cluster must not look like OpenShift.
# jq -n -f route_schema.jq

def string: {type: "string"};
def object($properties; $required): {type: "object", properties: $properties, required: $required};
def weight: {type: "integer", minimum: 0, maximum: 256};
def backend: object({kind: {enum: ["Service", ""], type: "string"}, name: (string + {minLength: 1}), weight: weight}; ["kind", "name"]);

{
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: {name: "routes.route.tokpipe.test"},
  spec: {
    group: "route.tokpipe.test",
    scope: "Namespaced",
    names: {kind: "Route", plural: "routes", singular: "route", listKind: "RouteList"},
    versions: [{
      name: "v1",
      served: true,
      storage: true,
      schema: {openAPIV3Schema: object({
        apiVersion: string,
        kind: string,
        metadata: {type: "object"},
        spec: object({
          host: (string + {maxLength: 253}),
          subdomain: (string + {maxLength: 253}),
          path: (string + {pattern: "^/"}),
          to: backend,
          alternateBackends: {type: "array", maxItems: 3, items: backend},
          port: object({targetPort: {anyOf: [{type: "integer"}, {type: "string"}], "x-kubernetes-int-or-string": true}}; ["targetPort"]),
          tls: object({
            termination: {enum: ["edge", "reencrypt", "passthrough"], type: "string"},
            insecureEdgeTerminationPolicy: {enum: ["Allow", "None", "Redirect", ""], type: "string"}
          }; ["termination"]),
          wildcardPolicy: {enum: ["None", "Subdomain", ""], type: "string"}
        }; ["to"])
      }; ["spec"])}
    }]
  }
}
