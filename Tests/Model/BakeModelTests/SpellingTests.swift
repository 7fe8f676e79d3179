import BakeModel
import Testing

@Suite struct SpellingTests {
    @Test(
        "one slip in a short word, more in a long one; a swap is one slip",
        arguments: [
            ("pakages", "packages"), ("form", "from"), ("debain", "debian"), ("iputs", "inputs"), ("enviroments", nil),
            ("add", "add"), ("od", "os"), ("conf", "config"), ("de", nil), ("xyz", nil), ("", nil),
            ("configuration", nil),
        ])
    func closest(word: String, meant: String?) {
        let known = ["from", "debian", "packages", "add", "inputs", "config", "os"]
        #expect(Spelling.closest(to: word, in: known) == meant)
    }

    @Test("of equally near words the first; words of a thousand letters cost nothing")
    func order() {
        #expect(Spelling.closest(to: "cat", in: ["bat", "hat"]) == "bat")
        #expect(Spelling.closest(to: String(repeating: "a", count: 100_000), in: ["a"]) == nil)
    }
}
