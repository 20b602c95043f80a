namespace CachePolicyOperator.TestCluster;

/// <summary>
/// An xunit fixture as <see cref="ControlPlaneFixture"/>: another control plane, for classes that run beside those of
/// the first.
/// </summary>
public class SecondControlPlaneFixture() : ControlPlaneFixture(SharedControlPlane.Second);
