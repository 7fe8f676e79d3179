import BakeModel
import Foundation
import Synchronization
import Testing

@testable import StageEngine

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

    @Test("of what could go the longest way to the end goes first, as measured by the run before")
    func longestFirst() throws {
        let clock = Clock()
        let order = Mutex<[String]>([])
        // "long" is named last, and took 50 ms the first time; the others took 10 each.
        func graph(source: String) throws -> StageGraph<Text> {
            try StageGraph(
                ["a", "b", "long"].map { id in
                    node(
                        id, source: source,
                        log: { id in
                            order.withLock { $0.append(id) }
                            clock.advance(id == "long" ? 50 : 10)
                        })
                } + [node("end", needs: ["b"], source: source, log: { _ in clock.advance(45) })])
        }
        let engine = StageEngine(
            cache: try StageCache(directory: directory), scope: "web", jobs: 1, ticks: { clock.now })
        _ = engine.run(try graph(source: "1"))
        // Nothing is known: "b" has "end" behind it.
        #expect(order.withLock { $0 } == ["b", "a", "long"])
        order.withLock { $0 = [] }
        let outcomes = engine.run(try graph(source: "2"))
        #expect(order.withLock { $0 } == ["b", "long", "a"])
        // b 10 and its "end" 45 make 55, long 50: so b, long, end, a.
        #expect(
            outcomes.map { "\($0.id) \($0.start) \($0.milliseconds)" } == [
                "a 105 10", "b 0 10", "long 10 50", "end 60 45",
            ])
    }

    @Test("a node that is asked for afresh runs although it is kept, and its new result replaces the kept one")
    func fresh() throws {
        let runs = Atomic(0)
        func outcomes(fresh: Set<String> = []) throws -> [StageOutcome<Text>] {
            let os = StageNode<Text>(
                id: "os", needs: [], key: { _ in StageKey([.init("source", "1")]) },
                work: { _ in
                    runs.add()
                    return Text(text: "run \(runs.value)")
                })
            let engine = StageEngine(
                cache: try StageCache(directory: directory), scope: "web", jobs: 1, fresh: fresh, ticks: { 0 })
            return engine.run(try StageGraph([os, node("app", needs: ["os"]), node("docs")]))
        }
        _ = try outcomes()
        let forced = try outcomes(fresh: ["os"])
        #expect(forced.map { "\($0.word) \($0.why)" } == ["ran asked for afresh", "ran os changed", "cached "])
        let after = try outcomes()
        #expect(after.map(\.word) == ["cached", "cached", "cached"] && after[0].value?.text == "run 2")
    }

    @Test(
        "what runs while another fails is finished and kept; what has not begun is skipped, and the next run starts there"
    )
    func isolation() throws {
        let meeting = Meeting(of: 2)
        let broken = StageNode<Text>(
            id: "broken", needs: [], key: { _ in StageKey([.init("source", "1")]) },
            work: { _ in
                meeting.arrive()
                throw Refused()
            })
        let steady = node(
            "steady",
            log: { _ in
                meeting.arrive()
                // The other has failed by now, or is about to.
                usleep(50_000)
            })
        let engine = try engine()
        let outcomes = engine.run(try StageGraph([broken, steady, node("later", needs: ["steady"])]))
        #expect(outcomes.map(\.word) == ["failed", "ran", "skipped"])
        let next = engine.run(try StageGraph([node("broken"), steady, node("later", needs: ["steady"])]))
        #expect(next.map(\.word) == ["ran", "cached", "ran"])
    }

    @Test("what went into a run can be asked for afterwards, also of one that failed; and what it was compared with")
    func keys() throws {
        let engine = try engine()
        let first = engine.run(try StageGraph([node("os", source: "1")]))[0]
        let second = engine.run(try StageGraph([node("os", source: "2", fails: true)]))[0]
        #expect(first.earlierKey == nil && second.earlierKey == first.key)
        let now = try #require(second.key.flatMap(engine.cache.key))
        let before = try #require(second.earlierKey.flatMap(engine.cache.key))
        #expect(now.differences(from: before) == [.init(name: "source of os", before: "1", after: "2")])
    }

    @Test("a key names what is new and what is gone, and sees both values of an input that goes in twice")
    func differences() {
        let before = StageKey([.init("os", "root 1"), .init("os", "output 1"), .init("old", "x")])
        let now = StageKey([.init("os", "root 2"), .init("os", "output 1"), .init("new", "y")])
        #expect(now.differences(from: before).map(\.text) == ["os changed", "new is new", "old is gone"])
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
        #expect(throws: StageGraph<Text>.Fault.duplicate("app")) { try StageGraph([node("app"), node("app")]) }
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

/// A clock that goes when it is told to.
private final class Clock: Sendable {
    private let ticks = Atomic(0)
    var now: Int64 { Int64(ticks.value) }
    func advance(_ milliseconds: Int) { for _ in 0..<milliseconds { ticks.add() } }
}

private final class Atomic: Sendable {
    private let number: Mutex<Int>
    init(_ number: Int) { self.number = Mutex(number) }
    var value: Int { number.withLock { $0 } }
    func add() { number.withLock { $0 += 1 } }
}
