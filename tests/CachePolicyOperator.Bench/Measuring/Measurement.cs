namespace CachePolicyOperator.Bench.Measuring;

/// <summary>What one process measured.</summary>
/// <param name="FirstMs">The first run, compilation of the code included: what a command line user waits for.</param>
/// <param name="MedianMs">The median of the measured runs; the first run where there is no other.</param>
/// <param name="FastestMs">What to compare two builds by: whatever else a machine does only adds to a run.</param>
/// <param name="CpuMs">The median of the processor time of the whole process: says whether others kept the machine
/// busy.</param>
/// <param name="AllocatedMegabytes">What the garbage collector handed out during the last run.</param>
/// <param name="PeakMegabytes">The most memory the process ever had resident, the runtime itself included.</param>
/// <param name="Outcome">What the work answered, the same in every run.</param>
internal sealed record Measurement(
    double FirstMs,
    double MedianMs,
    double FastestMs,
    double SlowestMs,
    double CpuMs,
    int Runs,
    double AllocatedMegabytes,
    double PeakMegabytes,
    string Outcome);
