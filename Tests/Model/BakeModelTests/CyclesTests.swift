import BakeModel
import Testing

@Suite struct CyclesTests {
    @Test("the shortest way round each knot, from the node that comes first")
    func find() {
        #expect(cycles(["a": "b", "b": "c", "c": "a"]) == ["abc"])
        #expect(cycles(["a": "a", "b": "c", "c": "b"]) == ["a", "bc"])
        #expect(cycles(["a": "bc", "b": "a", "c": "b"]) == ["ab"])
        #expect(cycles(["a": "bc", "b": "c", "c": "d"]) == [])
        #expect(cycles(["a": "x"]) == [], "a need that is no node is no cycle")
    }

    @Test("each node is visited once in a search, however many ways lead to it")
    func deep() {
        let found = Cycles.find(in: Array(0..<300), needs: { $0 < 298 ? [$0 + 1, $0 + 2] : [] })
        #expect(found.isEmpty)
    }

    private func cycles(_ needs: [Character: String]) -> [String] {
        Cycles.find(in: needs.keys.sorted(), needs: { Array(needs[$0] ?? "") }).map { String($0) }
    }
}
