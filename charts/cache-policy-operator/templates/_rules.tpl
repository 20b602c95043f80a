{{/*
What the operator does where policies are. Nothing is granted that it does not use; "create" beside "patch" is what
server-side apply needs for an object that is not there yet, and "create" cannot be bound to names. Names of what is made follow
from those of policies, so they are not known here; those of Secrets are, for that reason.
*/}}
{{- define "operator.readRules" -}}
# Its own kinds.
- apiGroups: [cachepolicy.dev]
  resources: [cachepolicies]
  verbs: [get, list, watch]
- apiGroups: [cachepolicy.dev]
  resources: [personalroutes, cacheinvalidations, cachereviews]
  verbs: [list, watch]
- apiGroups: [cachepolicy.dev]
  resources: [cacheincidents]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [pods, services, configmaps]
  verbs: [list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
- apiGroups: [apps]
  resources: [deployments, statefulsets]
  verbs: [list, watch]
# What is made of managed caches beside their workload, and who else says how many pods they have.
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [list, watch]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [list, watch]
# What leads requests to the caches, or around them.
- apiGroups: [networking.k8s.io]
  resources: [ingresses]
  verbs: [list, watch]
- apiGroups: [gateway.networking.k8s.io]
  resources: [httproutes]
  verbs: [list, watch]
# Certificates of agents: this Secret of each namespace, and no other.
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [cachepolicy-agents]
  verbs: [list, watch]
# Whether who writes a policy may make himself what the operator would make for it, and whether who asks for a purge may have it.
- apiGroups: [authorization.k8s.io]
  resources: [localsubjectaccessreviews]
  verbs: [create]
{{- end -}}

{{- define "operator.writeRules" -}}
# "patch" on a policy takes an order (an annotation) off once it is carried out.
- apiGroups: [cachepolicy.dev]
  resources: [cachepolicies]
  verbs: [patch]
- apiGroups: [cachepolicy.dev]
  resources: [cacheincidents]
  verbs: [create]
# Those of applications that purge by request; they are removed when they have ended.
- apiGroups: [cachepolicy.dev]
  resources: [cacheinvalidations]
  verbs: [create, delete]
- apiGroups: [cachepolicy.dev]
  resources: [cachepolicies/status, personalroutes/status, cacheincidents/status, cacheinvalidations/status, cachereviews/status]
  verbs: [patch]
# The readiness gate of cache pods.
- apiGroups: [""]
  resources: [pods/status]
  verbs: [patch]
# Entry Services, and those of managed caches.
- apiGroups: [""]
  resources: [services]
  verbs: [create, patch]
# Proven revisions are kept here; old ones are removed.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [create, patch, delete]
# Certificates of agents, and the key of the identity hashes, which is made once and never changed. Secrets are never removed.
- apiGroups: [""]
  resources: [secrets]
  verbs: [create]
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [cachepolicy-agents]
  verbs: [patch]
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [cachepolicy-identity-key]
  verbs: [get]
{{- if .Values.managedCaches.enabled }}
# Workloads of managed caches; those that are adopted are only read.
- apiGroups: [apps]
  resources: [deployments]
  verbs: [create, patch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [create, patch]
{{- end }}
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, patch]
{{- end -}}
