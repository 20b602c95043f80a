using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;

namespace CachePolicyOperator.Operator.Proofs;

/// <summary>
/// Has policies proven in the pool, and remembers the last answers: who was told to try again finds what was proven
/// meanwhile, and the same question is worked at once.
/// </summary>
internal sealed class PolicyProofs(PolicyExaminer examiner, ProofPool pool, ProofLimits limits, TimeProvider time)
{
    /// <summary>
    /// How many answers are remembered. A policy has some hundred kilobytes of them, or with thousands of rules some
    /// megabytes.
    /// </summary>
    private const int Remembered = 8;

    private const string GoesOn = "it goes on, so try again in a few seconds, or make the object simpler";
    private const string Later = "try again when the operator has less to do, or make the object simpler";

    private readonly Lock _gate = new();
    private readonly LinkedList<(string Key, Examination Examination)> _answers = new();

    /// <summary>For a controller: however long it takes.</summary>
    public Task<Examination> ExamineAsync(Func<Examination> examine, CancellationToken cancellationToken) =>
        pool.RunAsync(ProofPool.Operator, examine, cancellationToken);

    /// <summary>For an admission request: within the patience of who asks.</summary>
    /// <param name="entity">What the policy is where it can be read; null: its answer is not remembered.</param>
    /// <param name="json">The whole policy as it came.</param>
    /// <exception cref="ProofsBusyException">It was not answered in time; the message says so to the user.</exception>
    public Task<Examination> ExamineAsync(
        string user, CachePolicy? entity, JsonElement json, string engine, CancellationToken cancellationToken)
    {
        var key = entity is null ? null : $"{engine} {examiner.VersionsOfInputs(entity)} {DigestOf(json)}";
        Examination Examine() => Recall(key) ?? Remember(key, EntityDocuments.Examine(
            EntityDocuments.Of(json), d => examiner.Examine(d, engine, originMayBeMissing: true)));
        return Recall(key) is { } known ? Task.FromResult(known)
            : AnswerAsync(user, _ => Examine(), limits.Patience, key is null ? Later : GoesOn, cancellationToken);
    }

    /// <summary>Other work with proofs in it for an admission request, within the patience of who asks.</summary>
    /// <param name="work">Is told to stop when nobody waits for it any more.</param>
    /// <param name="isAside">Whether the request has its answer already, and this is said beside it.</param>
    /// <exception cref="ProofsBusyException">It was not answered in time; the message says so to the user.</exception>
    public Task<T> AnswerAsync<T>(
        string user, Func<CancellationToken, T> work, CancellationToken cancellationToken, bool isAside = false) =>
        AnswerAsync(user, work, isAside ? limits.PatienceAside : limits.Patience, Later, cancellationToken);

    private async Task<T> AnswerAsync<T>(
        string user, Func<CancellationToken, T> work, TimeSpan patience, string remedy,
        CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var (begun, token) = (false, either.Token);
        try
        {
            return await pool.RunAsync(
                user,
                () =>
                {
                    Volatile.Write(ref begun, true);
                    return work(token);
                },
                token);
        }
        catch (OperationCanceledException) when (
            late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ProofsBusyException(Volatile.Read(ref begun)
                ? $"the proof did not end within {patience.TotalSeconds:0.#} s; {remedy}"
                : $"other proofs took all of {patience.TotalSeconds:0.#} s, so this one was not begun ({pool.Waiting} "
                    + "wait); try again in a few seconds");
        }
    }

    // Spec and names, not what the API server writes beside them.
    private static string DigestOf(JsonElement json)
    {
        var spec = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("spec", out var found)
            ? found.GetRawText()
            : "";
        var metadata = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("metadata", out var named)
            ? named
            : default;
        string? Name(string field) => metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty(field, out var text) ? text.ToString() : null;
        return $"{Name("namespace")}/{Name("name")} "
            + $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spec)))}";
    }

    private Examination? Recall(string? key)
    {
        lock (_gate)
        {
            return _answers.FirstOrDefault(a => a.Key == key).Examination;
        }
    }

    private Examination Remember(string? key, Examination examination)
    {
        if (key is null)
        {
            return examination;
        }

        lock (_gate)
        {
            _answers.AddFirst((key, examination));
            if (_answers.Count > Remembered)
            {
                _answers.RemoveLast();
            }
        }

        return examination;
    }
}
