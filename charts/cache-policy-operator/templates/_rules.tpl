{{/*
What the operator does where policies are. Nothing is granted that it does not use; "create" beside "patch" is what
server-side apply needs for an object that is not there yet.
*/}}
{{- define "operator.rules" -}}
# Its own kinds. "patch" on a policy takes an order (an annotation) off once it is carried out.
- apiGroups: [cachepolicy.dev]
  resources: [cachepolicies]
  verbs: [get, list, watch, patch]
- apiGroups: [cachepolicy.dev]
  resources: [personalroutes]
  verbs: [list, watch]
- apiGroups: [cachepolicy.dev]
  resources: [cacheincidents]
  verbs: [get, list, watch, create]
- apiGroups: [cachepolicy.dev]
  resources: [cachepolicies/status, personalroutes/status, cacheincidents/status]
  verbs: [patch]
# Cache pods are followed, and their readiness gate is set.
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [pods/status]
  verbs: [patch]
# Entry Services, and those of managed caches.
- apiGroups: [""]
  resources: [services]
  verbs: [list, watch, create, patch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
# Proven revisions are kept here; old ones are removed. Policies may name ConfigMaps with routes as well.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [list, watch, create, patch, delete]
# Certificates of agents, and the key of the identity hashes. Secrets are never listed, watched or removed.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create, patch]
# Workloads that are adopted are read, those of managed caches are written.
- apiGroups: [apps]
  resources: [deployments]
  verbs: [list, watch, create, patch]
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [list, watch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [create, patch]
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, patch]
{{- end -}}
