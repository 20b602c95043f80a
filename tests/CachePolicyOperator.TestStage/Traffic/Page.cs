namespace CachePolicyOperator.TestStage.Traffic;

/// <summary>What a steady client asks for.</summary>
public enum Page
{
    /// <summary>A style sheet, the same for all: it comes from the cache where there is one.</summary>
    Asset,

    /// <summary>A page of the catalogue that anonymous customers share.</summary>
    Catalogue,

    /// <summary>My Page of one customer.</summary>
    Alice,

    /// <summary>My Page of the other.</summary>
    Bob,
}
