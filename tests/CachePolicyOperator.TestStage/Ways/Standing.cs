namespace CachePolicyOperator.TestStage.Ways;

/// <summary>Which gates stand while somebody tries to get in.</summary>
public enum Standing
{
    /// <summary>All of them: webhook, controllers, agents.</summary>
    All,

    /// <summary>The webhook's configuration was deleted just before.</summary>
    WithoutWebhook,

    /// <summary>The same, and no operator runs: what is left is in the pods.</summary>
    AgentsAlone,
}
