import BakeModel
import Testing

@Suite struct TimeSpanTests {
    @Test(
        "lengths of time, the larger unit first",
        arguments: [
            ("90m", 5400, "1h30m"), ("2h", 7200, "2h"), ("1h30m", 5400, "1h30m"), ("7d", 604_800, "1w"),
            ("7y", 220_752_000, "7y"), ("1s", 1, "1s"),
        ])
    func reads(text: String, seconds: Int64, shown: String) {
        #expect(TimeSpan(text)?.seconds == seconds)
        #expect(TimeSpan(text)?.description == shown)
    }

    @Test(
        "what is none: nought, a bare number, units out of order, what overflows",
        arguments: ["", "0h", "2", "h", "-2h", "30m1h", "2h2h", "2 h", "２h", "1001y", "999999999999h", "2H"])
    func refuses(text: String) { #expect(TimeSpan(text) == nil) }
}
