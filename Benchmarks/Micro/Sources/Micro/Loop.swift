import Benchmark

/// A loop that is measured.
struct Loop {
    /// What it does.
    let name: String
    /// How many bytes, or things, one turn deals with.
    let count: Int
    /// Whether these are bytes.
    let isBytes: Bool
    /// The loop that bounds it; nil for a bound itself, and where there is none.
    let limit: String?
    /// One turn.
    let body: () throws -> Void

    /// A loop over so many bytes.
    static func over(bytes count: Int, _ name: String, limit: String? = nil, _ body: @escaping () throws -> Void)
        -> Loop
    {
        Loop(name: name, count: count, isBytes: true, limit: limit, body: body)
    }

    /// A loop over so many things.
    static func over(_ count: Int, _ name: String, limit: String? = nil, _ body: @escaping () throws -> Void) -> Loop {
        Loop(name: name, count: count, isBytes: false, limit: limit, body: body)
    }
}

/// What the harness found, as a table. The fastest turn counts: it is the one that nobody else's work slowed.
struct LoopTable {
    private let loops: [Loop]
    private let seconds: [String: Double]

    init(_ loops: [Loop], _ results: [BenchmarkResult]) {
        self.loops = loops
        seconds = Dictionary(results.map { ($0.benchmarkName, ($0.measurements.min() ?? 0) / 1e9) }) { $1 }
    }

    /// The lines, in Markdown.
    var lines: [String] {
        ["| loop | a turn | rate | of the limit | limit |", "|---|--:|--:|--:|---|"] + loops.compactMap(line)
    }

    private func line(_ loop: Loop) -> String? {
        guard let time = seconds[loop.name], time > 0 else { return nil }
        let share = loop.limit.flatMap { limit in rate(named: limit).map { rate(of: loop, time) / $0 } }
        let cells = [
            loop.name, "\(Self.rounded(time * 1e6)) µs", shown(rate(of: loop, time), loop),
            share.map { "\(Int(($0 * 100).rounded())) %" } ?? "", loop.limit ?? "",
        ]
        return "| \(cells.joined(separator: " | ")) |"
    }

    private func rate(named name: String) -> Double? {
        guard let loop = loops.first(where: { $0.name == name }), let time = seconds[name], time > 0 else { return nil }
        return rate(of: loop, time)
    }

    private func rate(of loop: Loop, _ time: Double) -> Double { Double(loop.count) / time }

    private func shown(_ rate: Double, _ loop: Loop) -> String {
        loop.isBytes ? "\(Self.rounded(rate / 1e6)) MB/s" : "\(Self.rounded(rate / 1e3)) thousand/s"
    }

    private static func rounded(_ value: Double) -> String {
        value >= 100 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
    }
}
