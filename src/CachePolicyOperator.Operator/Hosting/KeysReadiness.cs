using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Operator.Hosting;

/// <summary>
/// Without its keys the operator can speak with no agent and believe no record; and nothing comes into force before it
/// is known what may not.
/// </summary>
internal sealed class KeysReadiness(
    OperatorSecrets secrets, DeniedRevisions denied, OperatorOptions options) : IReadinessPart
{
    public IEnumerable<string> Missing()
    {
        if (!secrets.Loaded.IsCompletedSuccessfully)
        {
            yield return "the operator's keys are not read yet (Secret "
                + $"`{options.Namespace}/{OperatorSecretsService.SecretName}`)";
        }
        else if (!denied.Loaded.IsCompletedSuccessfully)
        {
            yield return "the revisions that leaked are not read yet (ConfigMap "
                + $"`{options.Namespace}/{DeniedRevisions.MapName}`)";
        }
    }
}
