using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>Personal routes as somebody is about to write them.</summary>
/// <param name="Name">Of the object that is written.</param>
/// <param name="Next">Null where it is about to be deleted.</param>
internal sealed record PersonalEdit(string Name, PersonalRoutes? Next);
