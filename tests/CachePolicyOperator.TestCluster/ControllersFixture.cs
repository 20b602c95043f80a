namespace CachePolicyOperator.TestCluster;

/// <summary>An xunit fixture as <see cref="ControlPlaneFixture"/>, with the controller manager.</summary>
public class ControllersFixture() : ControlPlaneFixture(SharedControlPlane.WithControllers);
