import BakeModel
import ImageComparison
import Testing

@Suite struct LayerChangeTests {
    private func layer(_ content: String, by name: String) -> HistoryLayer {
        let digest = Digest.of(Array(content.utf8))
        return HistoryLayer(
            layer: Layer(blob: digest, size: 1, diffID: DiffID(digest), tarSize: 1), createdBy: name)
    }

    @Test("a layer that is said to come from something else, one of other entries, one that is new")
    func aspects() {
        let old = [layer("a", by: "base: debian"), layer("b", by: "app: run make"), layer("c", by: "app: add")]
        let new = [layer("a", by: "base: debian"), layer("b", by: "app: run \"make\""), layer("d", by: "app: add")]
        let changes = LayerChange.all(from: old, to: new + [layer("e", by: "last: add")])
        #expect(changes.map(\.number) == [1, 2, 3])
        #expect(
            changes.map(\.aspects) == [
                #"is made by "app: run "make"", was by "app: run make""#, "holds other entries for the same files",
                "is new",
            ])
        #expect(LayerChange.all(from: new, to: old.dropLast()).last?.aspects == "is gone")
        #expect(LayerChange.all(from: old, to: old).isEmpty)
    }
}
