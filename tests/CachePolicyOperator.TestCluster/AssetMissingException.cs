namespace CachePolicyOperator.TestCluster;

/// <summary>A program that the tests need is not on this machine; the message says how to bring it.</summary>
public sealed class AssetMissingException(string name, string looked)
    : Exception($"{name} is not there (looked in {looked}); run `make assets`");
