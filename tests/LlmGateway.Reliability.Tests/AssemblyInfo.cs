using Xunit.Sdk;
using Xunit.v3;

// The clock jumps when the process has nothing to do, which one test alone can tell.
[assembly: Parallelization(Mode = ParallelMode.None)]
