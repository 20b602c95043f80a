using System.Net;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Hosting;
using CachePolicyOperator.Operator.Revisions;
using Microsoft.Extensions.Logging.Abstractions;

namespace CachePolicyOperator.Operator.Tests.Hosting;

public sealed class KeysReadinessTests
{
    [Fact]
    public void Who_has_no_keys_or_does_not_know_what_is_denied_is_not_ready_and_says_where_they_are()
    {
        var secrets = new OperatorSecrets(
            new CertificateOptions("system", ["localhost"], [IPAddress.Loopback]), CertificateTimes.Default,
                TimeProvider.System);
        // Not started: it never reads.
        using var denied = new DeniedRevisions(null!, null!, null!, null!, null!, TimeProvider.System,
            NullLogger<DeniedRevisions>.Instance);
        var part = new KeysReadiness(secrets, denied, new OperatorOptions { Namespace = "system" });

        Assert.Contains("`system/cachepolicy-operator-keys`", Assert.Single(part.Missing()), StringComparison.Ordinal);

        secrets.Take(AuthorityRotation.Advance(null, TimeProvider.System.GetUtcNow(), CertificateTimes.Default),
            [1, 2, 3]);
        Assert.Contains("`system/cachepolicy-denied-revisions`", Assert.Single(part.Missing()),
            StringComparison.Ordinal);
    }
}
