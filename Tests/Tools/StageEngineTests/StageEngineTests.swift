import BakeModel
import Foundation
import StageEngine
import Synchronization
import Testing

private struct Text: StageValue, Equatable {
    let text: String
    init(text: String) { self.text = text }
    init?(_ json: JSON) {
        guard let text = json.string else { return nil }
        self.text = text
    }
    var json: JSON { .string(text) }
}

private struct Refused: Error {}

private func node(
    _ id: String, needs: [String] = [], source: String = "1", holds: Bool = true,
    fails: Bool = false, log: @escaping @Sendable (String) -> Void = { _ in }
) -> StageNode<Text> {
    StageNode(
        id: id, needs: needs,
        key: { inputs in
            StageKey([.init("source of \(id)", source)] + needs.map { .init($0, inputs[$0]?.text ?? "") })
        },
        holds: { _ in holds },
        work: { inputs in
            log(id)
            if fails { throw Refused() }
            return Text(text: id + source + needs.map { inputs[$0]?.text ?? "" }.joined())
        })
}

@Suite final class StageEngineTests {
    private let directory = NSTemporaryDirectory() + "bake-engine-\(UUID().uuidString)"
    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func engine(jobs: Int = 2) throws -> StageEngine {
        StageEngine(cache: try StageCache(directory: directory), scope: "web", jobs: jobs, ticks: { 0 })
    }

    @Test("a second run takes everything from the cache; a changed input runs what depends on it, and says why")
    func caching() throws {
        let engine = try engine()
        func run(site: String) throws -> [String] {
            let graph = try StageGraph([
                node("os"), node("site", source: site), node("app", needs: ["os", "site"]),
            ])
            return engine.run(graph).map { "\($0.id) \($0.word) \($0.why)" }
        }
        #expect(try run(site: "1") == ["os ran first time", "site ran first time", "app ran first time"])
        #expect(try run(site: "1") == ["os cached ", "site cached ", "app cached "])
        #expect(try run(site: "2") == ["os cached ", "site ran source of site changed", "app ran site changed"])
        #expect(try run(site: "1") == ["os cached ", "site cached ", "app cached "])
    }

    @Test("a kept result that no longer holds is made again")
    func stale() throws {
        let engine = try engine()
        _ = engine.run(try StageGraph([node("os")]))
        let outcome = engine.run(try StageGraph([node("os", holds: false)]))
        #expect(outcome.map(\.why) == ["its result is no longer kept"])
    }

    @Test("what needs a failed node is skipped, and the failure is not kept")
    func failure() throws {
        let engine = try engine(jobs: 1)
        let graph = try StageGraph([node("os", fails: true), node("app", needs: ["os"])])
        #expect(engine.run(graph).map(\.word) == ["failed", "skipped"])
        #expect(engine.run(graph).map(\.word) == ["failed", "skipped"])
    }

    @Test("independent nodes run at once: each waits for the other to begin")
    func parallel() throws {
        let meeting = Meeting(of: 2)
        let nodes = ["left", "right"].map { node($0, log: { _ in meeting.arrive() }) }
        #expect(try engine().run(StageGraph(nodes)).map(\.word) == ["ran", "ran"])
        #expect(meeting.complete)
    }

    @Test("two processes at once make a result once")
    func oneWriter() throws {
        let runs = Atomic(0)
        let counted: @Sendable (String) -> Void = { _ in runs.add() }
        let engines = [try engine(), try engine()]
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            guard let graph = try? StageGraph([node("os", log: counted)]) else { return }
            _ = engines[index].run(graph)
        }
        #expect(runs.value == 1)
    }

    @Test func faults() {
        #expect(throws: StageGraph<Text>.Fault.unknown(node: "app", needs: "os")) {
            try StageGraph([node("app", needs: ["os"])])
        }
        #expect(throws: StageGraph<Text>.Fault.cycle(["a", "b"])) {
            try StageGraph([node("a", needs: ["b"]), node("b", needs: ["a"])])
        }
    }
}

/// Threads that wait for each other, for ten seconds at most.
private final class Meeting: Sendable {
    private let size: Int
    private let arrived = Atomic(0)
    init(of size: Int) { self.size = size }
    var complete: Bool { arrived.value == size }
    func arrive() {
        arrived.add()
        let deadline = Date().addingTimeInterval(10)
        while !complete, Date() < deadline { usleep(1000) }
    }
}

private final class Atomic: Sendable {
    private let number: Mutex<Int>
    init(_ number: Int) { self.number = Mutex(number) }
    var value: Int { number.withLock { $0 } }
    func add() { number.withLock { $0 += 1 } }
}
