using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>From a <see cref="CacheReview"/> as written to a <see cref="Review"/>, or to everything that is wrong with it.</summary>
public static class ReviewReader
{
    public static ReadResult<Review> Read(CacheReview entity) => throw new NotSupportedException();

    public static ReadResult<Review> Read(Document document) => throw new NotSupportedException();
}
