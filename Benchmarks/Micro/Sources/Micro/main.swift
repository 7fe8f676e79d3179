import Benchmark

let loops = try ArchiveLoops.all() + DigestLoops.all() + LookupLoops.all()
let suite = BenchmarkSuite(name: "bake") { suite in
    for loop in loops { suite.benchmark(loop.name) { try loop.body() } }
}
let defaults: [any BenchmarkSetting] =
    defaultSettings + [Format(.none), Quiet(true), WarmupIterations(1), MinTime(seconds: 0.5)]
var runner = BenchmarkRunner(suites: [suite], settings: parseArguments(), customDefaults: defaults)
try runner.run()
LoopTable(loops, runner.results).lines.forEach { print($0) }
