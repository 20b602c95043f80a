using System.Globalization;
using System.Text.Json;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>
/// Which version of Kubernetes answers. Asked each time: a control plane is upgraded under a running operator.
/// </summary>
public sealed class ServerVersion(KubernetesApi api)
{
    public async Task<bool> IsAtLeastAsync(int major, int minor, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await api.GetAsync("version", cancellationToken));
        return (Number(answer.RootElement.Text("major")), Number(answer.RootElement.Text("minor")))
            .CompareTo((major, minor)) >= 0;
    }

    // Some distributions write `20+`.
    private static int Number(string text) =>
        int.TryParse(string.Concat(text.TakeWhile(char.IsAsciiDigit)), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number) ? number : 0;
}
