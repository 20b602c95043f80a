using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Reviews;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// From a <see cref="CacheReview"/> as written to a <see cref="Review"/>, or to everything that is wrong with it. Never
/// throws.
/// </summary>
public static class ReviewReader
{
    public static ReadResult<Review> Read(CacheReview entity)
    {
        var findings = new Findings();
        return EntityDocument.Of(entity, findings) is { } document
            ? Read(document)
            : new ReadResult<Review>(null, findings.ToList());
    }

    public static ReadResult<Review> Read(Document document)
    {
        var findings = new Findings();
        var name = MetadataReader.Read(document, CacheReview.KubeKind, findings);
        var spec = MetadataReader.Spec<CacheReviewSpec>(document, findings);
        var policy = Names.ObjectName(spec, "policy", "CachePolicy");
        var digest = Revision(spec);
        if (spec.IsGiven && !spec.Has("verdict"))
        {
            spec.Missing("verdict", "write `verdict: Approved` or `verdict: Rejected`");
        }

        var verdict = spec.Choice("verdict", "Approved", "Rejected");
        var comment = spec.Text("comment", longest: 16_384);
        var signature = Signature(spec.Map<SignatureSpec>("signature"));
        return ReadResult.Of(findings,
            () => new Review(name, policy!, digest!.Value, verdict == "Approved", comment, signature));
    }

    private static Digest? Revision(FieldReader spec)
    {
        if (spec.RequiredText("digest", "name the revision: `cachepolicy status` shows its digest") is not { } text)
        {
            return null;
        }

        if (Digest.TryParse(text, out var digest))
        {
            return digest;
        }

        spec.Findings.Error("digest/invalid", spec.At("digest"), $"{Quoted.Text(text)} is no digest",
            "write `sha256:` and 64 hexadecimal digits in lower case, as `cachepolicy status` shows it");
        return null;
    }

    private static ReviewSignature? Signature(FieldReader signature)
    {
        var key = signature.RequiredText("key", "name the key of the policy", longest: 63);
        var value = signature.RequiredText("value", "give the signature in Base64", longest: 4096);
        if (key is null || value is null)
        {
            return null;
        }

        if (ReviewSignature.Read(key, value) is { } read)
        {
            return read;
        }

        signature.Findings.Error("signature/invalid", signature.At("value"), $"{Quoted.Text(value)} is no Base64",
            "write the signature in Base64, on one line");
        return null;
    }
}
