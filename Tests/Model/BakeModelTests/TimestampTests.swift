import BakeModel
import Testing

@Suite struct TimestampTests {
    @Test(
        "values from date(1): date -u -d TEXT +%s",
        arguments: [
            ("2026-11-20T03:00:00.000Z", 1_795_143_600), ("2000-02-29T23:59:59.000Z", 951_868_799),
            ("1969-12-31T23:59:59.000Z", -1), ("2020-01-01T00:00:00.000Z", 1_577_836_800),
        ])
    func calendar(text: String, seconds: Int64) {
        #expect(Timestamp(text)?.seconds == seconds)
        #expect(Timestamp(seconds: seconds).description == text)
    }

    @Test func offsets() {
        #expect(Timestamp(seconds: 0).text(offsetMinutes: 540) == "1970-01-01T09:00:00+09:00")
        #expect(Timestamp(seconds: 0).text(offsetMinutes: -210) == "1969-12-31T20:30:00-03:30")
    }

    @Test func impossibleDays() { #expect(Timestamp("2026-02-30T00:00:00.000Z") == nil) }
}
