namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>An automaton operation would cost more than its <see cref="Budget"/>; the answer is unknown.</summary>
internal sealed class BudgetExceededException(string message) : Exception(message);
