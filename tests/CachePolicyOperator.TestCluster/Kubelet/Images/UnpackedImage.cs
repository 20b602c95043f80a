namespace CachePolicyOperator.TestCluster.Kubelet.Images;

/// <summary>An image's root file system on this machine, and what the image says of how it is started.</summary>
internal sealed record UnpackedImage(
    string Root, IReadOnlyList<string> Entrypoint, IReadOnlyList<string> Command, IReadOnlyList<string> Environment,
        string User, string WorkingDirectory);
