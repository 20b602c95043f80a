using System.Text;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>
/// Asks the API server who somebody is, and what he may do. Questions change nothing, hence are no acts.
/// </summary>
internal sealed class AccessReviews(KubernetesApi api)
{
    /// <summary>Of the namespace, so that an operator that is bound to one may ask.</summary>
    public async Task<bool> MayAsync(
        AdmissionUser user, string @namespace, string verb, string apiGroup, string resource, string? name,
        CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            $"apis/authorization.k8s.io/v1/namespaces/{Uri.EscapeDataString(@namespace)}/localsubjectaccessreviews",
            new V1LocalSubjectAccessReview
            {
                ApiVersion = "authorization.k8s.io/v1",
                Kind = "LocalSubjectAccessReview",
                Metadata = new V1ObjectMeta { NamespaceProperty = @namespace },
                Spec = new V1SubjectAccessReviewSpec
                {
                    User = user.Name,
                    Uid = user.Uid,
                    Groups = [.. user.Groups],
                    Extra = user.Extra.ToDictionary(StringComparer.Ordinal),
                    ResourceAttributes = new V1ResourceAttributes
                    {
                        NamespaceProperty = @namespace,
                        Verb = verb,
                        Group = apiGroup,
                        Resource = resource,
                        Name = name,
                    },
                },
            },
            cancellationToken);
        return answer.Status.Allowed;
    }

    /// <summary>Whose token it is; null where it is nobody's.</summary>
    public async Task<AdmissionUser?> WhoIsAsync(string token, CancellationToken cancellationToken)
    {
        var answer = await AskAsync("apis/authentication.k8s.io/v1/tokenreviews", new V1TokenReview
        {
            ApiVersion = "authentication.k8s.io/v1",
            Kind = "TokenReview",
            Spec = new V1TokenReviewSpec { Token = token },
        }, cancellationToken);
        return answer.Status is { Authenticated: true, User: { } user }
            ? new AdmissionUser(user.Username, user.Uid ?? "", [.. user.Groups ?? []])
            {
                Extra = user.Extra?.AsReadOnly() ?? new Dictionary<string, IList<string>>().AsReadOnly(),
            }
            : null;
    }

    private async Task<T> AskAsync<T>(string path, T question, CancellationToken cancellationToken)
    {
        var answer = await api.RequestAsync(
            HttpMethod.Post, path, KubernetesJson.Serialize(question), "application/json", cancellationToken);
        return KubernetesJson.Deserialize<T>(Encoding.UTF8.GetString(answer));
    }
}
