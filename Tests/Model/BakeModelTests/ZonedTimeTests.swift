import BakeModel
import Testing

/// Expected instants come from `date -u -d TEXT +%s`; relative ones from `TZ=Asia/Tokyo date -d`.
@Suite struct ZonedTimeTests {
    @Test(
        "a date and time is local unless it says its offset, and is echoed with it",
        arguments: [
            ("2026-11-20", "2026-11-20T00:00:00+09:00"), ("2026-11-20T03:00", "2026-11-20T03:00:00+09:00"),
            ("2026-11-20 03:00:30", "2026-11-20T03:00:30+09:00"),
            ("2026-11-20T03:00:30.250Z", "2026-11-20T03:00:30.250+00:00"),
            ("2026-11-20T03:00:37.5Z", "2026-11-20T03:00:37.500+00:00"),
            ("2026-11-20T03:00:37.123456789Z", "2026-11-20T03:00:37.123+00:00"),
            ("2026-11-20T03:00-03:30", "2026-11-20T03:00:00-03:30"),
            ("2026-11-20T03:00+0900", "2026-11-20T03:00:00+09:00"),
            ("2026-11-20T03:00+09", "2026-11-20T03:00:00+09:00"),
            ("2024-02-29", "2024-02-29T00:00:00+09:00"),
        ])
    func calendar(text: String, echo: String) throws {
        let time = try #require(ZonedTime(text, clock: Self.tokyo))
        #expect(time.description == echo)
        #expect(ZonedTime(echo, clock: Self.tokyo) == time)
    }

    @Test("the instant is that of date(1)")
    func instants() {
        #expect(ZonedTime("2026-11-20T03:00+09:00", clock: Self.tokyo)?.timestamp.seconds == 1_795_111_200)
        #expect(ZonedTime("2026-11-20T03:00", clock: Self.tokyo)?.timestamp.seconds == 1_795_111_200)
        #expect(ZonedTime("1970-01-01T00:00Z", clock: Self.tokyo)?.timestamp.seconds == 0)
    }

    @Test(
        "words count back from now",
        arguments: [
            ("now", "2026-11-21T09:30:00+09:00"), ("yesterday", "2026-11-20T09:30:00+09:00"),
            ("1 second ago", "2026-11-21T09:29:59+09:00"), ("2 hours ago", "2026-11-21T07:30:00+09:00"),
            ("3.days.ago", "2026-11-18T09:30:00+09:00"), ("1-week-ago", "2026-11-14T09:30:00+09:00"),
            ("5m ago", "2026-11-21T09:25:00+09:00"), ("1h30m ago", "2026-11-21T08:00:00+09:00"),
            ("14:05", "2026-11-21T14:05:00+09:00"), ("today 00:00:30", "2026-11-21T00:00:30+09:00"),
            ("yesterday 14:05", "2026-11-20T14:05:00+09:00"),
            ("12 months ago", "2025-11-21T09:30:00+09:00"), ("1 year ago", "2025-11-21T09:30:00+09:00"),
        ])
    func relative(text: String, echo: String) {
        #expect(ZonedTime(text, clock: Self.tokyo)?.description == echo)
    }

    /// What `GIT_TEST_DATE_NOW=1795221000 TZ=Asia/Tokyo git rev-parse --since=TEXT` says, but for "yesterday noon" and "today noon":
    /// before noon, git takes a day more off these.
    @Test(
        "git's phrases",
        arguments: [
            ("noon", "2026-11-20T12:00:00+09:00"), ("midnight", "2026-11-21T00:00:00+09:00"),
            ("tea", "2026-11-20T17:00:00+09:00"), ("today", "2026-11-21T09:30:00+09:00"),
            ("last friday", "2026-11-20T09:30:00+09:00"), ("Last Saturday", "2026-11-14T09:30:00+09:00"),
            ("last.sun", "2026-11-15T09:30:00+09:00"), ("last friday 14:05", "2026-11-20T14:05:00+09:00"),
            ("last week", "2026-11-14T09:30:00+09:00"), ("last month", "2026-10-21T09:30:00+09:00"),
            ("one minute ago", "2026-11-21T09:29:00+09:00"), ("ten.days.ago", "2026-11-11T09:30:00+09:00"),
            ("2 minutes 30 seconds ago", "2026-11-21T09:27:30+09:00"),
            ("1 day 2 hours ago", "2026-11-20T07:30:00+09:00"), ("1 month 2 days ago", "2026-10-19T09:30:00+09:00"),
            ("yesterday midnight", "2026-11-20T00:00:00+09:00"), ("14:05 yesterday", "2026-11-20T14:05:00+09:00"),
            ("yesterday noon", "2026-11-20T12:00:00+09:00"), ("noon yesterday", "2026-11-20T12:00:00+09:00"),
            ("today noon", "2026-11-21T12:00:00+09:00"), ("@1795330177", "2026-11-22T15:49:37+09:00"),
        ])
    func phrases(text: String, echo: String) {
        #expect(ZonedTime(text, clock: Self.tokyo)?.description == echo)
    }

    @Test("in the evening noon and tea are today's, and of yesterday yesterday's, as to git")
    func evening() {
        let clock = LocalClock(now: Timestamp(seconds: 1_795_257_000), offsetMinutes: 540)
        #expect(ZonedTime("noon", clock: clock)?.description == "2026-11-21T12:00:00+09:00")
        #expect(ZonedTime("tea", clock: clock)?.description == "2026-11-21T17:00:00+09:00")
        #expect(ZonedTime("yesterday noon", clock: clock)?.description == "2026-11-20T12:00:00+09:00")
        #expect(ZonedTime(toCome: "noon", clock: clock)?.description == "2026-11-22T12:00:00+09:00")
    }

    @Test(
        "a time to come is a length from now, or an instant that is not over",
        arguments: [
            ("2h", "2026-11-21T11:30:00+09:00"), ("in 2h", "2026-11-21T11:30:00+09:00"),
            ("in 1 hour", "2026-11-21T10:30:00+09:00"), ("in 3 days", "2026-11-24T09:30:00+09:00"),
            ("tomorrow", "2026-11-22T09:30:00+09:00"), ("tomorrow 07:00", "2026-11-22T07:00:00+09:00"),
            ("noon", "2026-11-21T12:00:00+09:00"), ("midnight", "2026-11-22T00:00:00+09:00"),
            ("tomorrow noon", "2026-11-22T12:00:00+09:00"), ("@1795330177", "2026-11-22T15:49:37+09:00"),
            ("18:00", "2026-11-21T18:00:00+09:00"), ("2027-01-31", "2027-01-31T00:00:00+09:00"),
        ])
    func toCome(text: String, echo: String) {
        #expect(ZonedTime(toCome: text, clock: Self.tokyo)?.description == echo)
    }

    @Test(
        "what is over, or no time, is no time to come",
        arguments: [
            "today", "last friday", "yesterday noon", "@1795221000", "now", "yesterday", "09:29", "2 hours ago",
            "2026-11-21", "in", "in hour", "in 2", "1 hour", "in 0 hours",
            "",
            "in 99999999999999999999 hours",
        ])
    func over(text: String) { #expect(ZonedTime(toCome: text, clock: Self.tokyo) == nil) }

    @Test("a month ago from its 31st is the shorter month's last day")
    func shorterMonth() throws {
        let now = try #require(ZonedTime("2024-03-31T12:00Z", clock: Self.tokyo)).timestamp
        let clock = LocalClock(now: now, offsetMinutes: 0)
        #expect(ZonedTime("1 month ago", clock: clock)?.description == "2024-02-29T12:00:00+00:00")
    }

    @Test("around a change of daylight saving time each local time has the offset that clocks then had")
    func daylightSaving() throws {
        // Berlin, 2026-10-25T01:00:00Z: from +02:00 to +01:00.
        let change = try #require(ZonedTime("2026-10-25T01:00Z", clock: Self.tokyo)).timestamp
        let berlin = LocalClock(now: change) { $0 < change ? 120 : 60 }
        #expect(ZonedTime("2026-10-25T01:30", clock: berlin)?.description == "2026-10-25T01:30:00+02:00")
        #expect(ZonedTime("2026-10-25T03:30", clock: berlin)?.description == "2026-10-25T03:30:00+01:00")
        #expect(ZonedTime("2026-10-24", clock: berlin)?.description == "2026-10-24T00:00:00+02:00")
    }

    @Test(
        "what is no time",
        arguments: [
            "", "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "2026-11-20T24:00", "2026-11-20T23:60",
            "2026-11-20T03", "2026-11-20T03:00+", "2026-11-20T03:00+24:00", "2026-11-20T03:00:00.",
            "2026-11-20T03:00:00.1234567890Z", "20261120",
            "２０２６-11-20", "2 fortnights ago", "-1 days ago", "999999 days ago", "57 years ago", "99999 days ago", "ago",
            "tomorrow", "25:00", "yesterday 14", "1 yesterday 14:05", "friday 14:05", "0m ago", "2 ago", "m ago",
            "friday", "last", "last noon", "a minute ago", "eleven days ago", "2 minutes 30 ago", "never", "3pm",
            "2 hours",
            "noon noon", "last friday 25:00", "@", "@17e9", "@99999999999999", "11/22/2026", "1795330177",
        ])
    func refusals(text: String) {
        #expect(ZonedTime(text, clock: Self.tokyo) == nil)
    }

    static let tokyo = LocalClock(now: Timestamp(seconds: 1_795_221_000), offsetMinutes: 540)
}
