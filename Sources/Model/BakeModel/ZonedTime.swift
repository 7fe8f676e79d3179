/// What a machine's clock says, and how its local time stands to UTC: passed in, so that reading a time is pure.
public struct LocalClock: Sendable {
    /// The present.
    public let now: Timestamp
    /// The minutes that local time is ahead of UTC at an instant; it changes with daylight saving time.
    public let offsetMinutes: @Sendable (Timestamp) -> Int

    /// Describes a clock.
    public init(now: Timestamp, offsetMinutes: @escaping @Sendable (Timestamp) -> Int) {
        self.now = now
        self.offsetMinutes = offsetMinutes
    }

    /// A clock whose local time is always as far from UTC.
    public init(now: Timestamp, offsetMinutes: Int) {
        self.init(now: now) { _ in offsetMinutes }
    }

    /// How far ahead of UTC local time is when local clocks show these milliseconds since 1970.
    func offset(whenLocal milliseconds: Int64) -> Int {
        // The first guess takes local time for UTC; only within hours of a change is it wrong, and then the second is not.
        let guess = offsetMinutes(Timestamp(milliseconds: milliseconds))
        return offsetMinutes(Timestamp(milliseconds: milliseconds - Int64(guess) * 60_000))
    }
}

/// An instant, and the offset from UTC in which a person said it and reads it back.
public struct ZonedTime: Hashable, Sendable, CustomStringConvertible {
    /// The instant.
    public let timestamp: Timestamp
    /// The minutes ahead of UTC.
    public let offsetMinutes: Int

    /// The spellings, as shown in messages.
    public static let explanation =
        "a time is 2026-11-20, 2026-11-20T03:00, with :30 for seconds and +09:00 or Z for the offset where wanted, 14:05 (today), yesterday 14:05, now, yesterday, 2 hours ago or 2h ago"

    /// The spellings of a time to come, as shown in messages.
    public static let explanationOfEnd =
        "a time to come is as in 2h, 1h30m, 7d, tomorrow, tomorrow 09:00, 18:00 (today), 2027-01-31 or 2027-01-31T12:00+09:00"

    /// Names an instant at an offset.
    public init(timestamp: Timestamp, offsetMinutes: Int) {
        self.timestamp = timestamp
        self.offsetMinutes = offsetMinutes
    }

    /// Reads a time: a date (its first moment) or a date and time as in ISO 8601, local unless an offset follows, or
    /// `14:05` (of today), `yesterday 14:05`, `now`, `yesterday`, `2h ago`, `2 hours ago` as in git (dots or hyphens may
    /// stand for the spaces). nil for anything else.
    public init?(_ text: some StringProtocol, clock: LocalClock) {
        let day = Self.timeOfDay(text, clock: clock)
        guard let time = day ?? Self.relative(text, clock: clock) ?? CalendarTime(text)?.time(clock: clock) else {
            return nil
        }
        self = time
    }

    /// Reads a time to come: `2h` or `in 2h` from now, `in 2 hours`, `tomorrow`, `tomorrow 09:00`, and what names an instant
    /// by date or time of day. nil for anything else, and for what is over.
    public init?(toCome text: String, clock: LocalClock) {
        let words = text.split { " .-".contains($0) }
        let span = words.first == "in" ? words.dropFirst() : words[...]
        var time = ZonedTime(text, clock: clock)
        if text == "tomorrow" {
            time = clock.after(1, unit: "day").map { Self.at($0, clock) }
        } else if words.count == 1 || words.first == "in", let length = Self.length(span) {
            time = Self.at(Timestamp(milliseconds: clock.now.milliseconds + length), clock)
        }
        guard let time, time.timestamp > clock.now else { return nil }
        self = time
    }

    /// `2h`, or `2 hours`: milliseconds.
    private static func length(_ words: ArraySlice<Substring>) -> Int64? {
        if words.count == 1 { return words.first.flatMap { TimeSpan($0) }?.milliseconds }
        guard words.count == 2, let count = words.first.flatMap({ Int64($0) }), (1...99_999).contains(count) else {
            return nil
        }
        return words.last.flatMap { LocalClock.length(of: $0) }.map { $0 * count * 1000 }
    }

    /// `14:05`, `yesterday 14:05`, `tomorrow 14:05`, on local clocks.
    private static func timeOfDay(_ text: some StringProtocol, clock: LocalClock) -> ZonedTime? {
        let words = text.split(separator: " ")
        let days = ["today": Int64(0), "yesterday": -1, "tomorrow": 1]
        guard let time = words.last, words.count < 3, let shift = words.count == 1 ? 0 : days[String(words[0])] else {
            return nil
        }
        let local = clock.now.milliseconds + Int64(clock.offsetMinutes(clock.now)) * 60_000
        let day = CivilDate(daysSince1970: local.floorDivided(by: 86_400_000) + shift)
        return CalendarTime(timeOfDay: time, on: day)?.time(clock: clock)
    }

    /// RFC 3339 at the offset, with milliseconds only where there are some: it reads back to the same value anywhere.
    public var description: String {
        let text = timestamp.text(offsetMinutes: offsetMinutes)
        let fraction = timestamp.milliseconds - timestamp.seconds * 1000
        guard fraction > 0 else { return text }
        return "\(text.dropLast(6)).\(String(1000 + fraction).dropFirst())\(text.suffix(6))"
    }

    private static func relative(_ text: some StringProtocol, clock: LocalClock) -> ZonedTime? {
        if text == "now" { return at(clock.now, clock) }
        let spelling = text == "yesterday" ? "1 day ago" : String(text)
        let words = spelling.split(omittingEmptySubsequences: false) { " .-".contains($0) }
        if words.count == 2, words[1] == "ago", let span = TimeSpan(words[0]),
            clock.now.milliseconds >= span.milliseconds
        {
            return at(Timestamp(milliseconds: clock.now.milliseconds - span.milliseconds), clock)
        }
        guard words.count == 3, words[2] == "ago", words[0].utf8.count <= 5,
            words[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(words[0]),
            let before = clock.before(count, unit: String(words[1].hasSuffix("s") ? words[1].dropLast() : words[1])),
            before.milliseconds >= 0
        else { return nil }
        return at(before, clock)
    }

    private static func at(_ timestamp: Timestamp, _ clock: LocalClock) -> ZonedTime {
        ZonedTime(timestamp: timestamp, offsetMinutes: clock.offsetMinutes(timestamp))
    }
}

extension LocalClock {
    private static let seconds: [String: Int64] = [
        "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800,
    ]

    /// The seconds of `hour` or `hours`; nil for what is no unit, or one that is not always as long.
    fileprivate static func length(of unit: some StringProtocol) -> Int64? {
        seconds[String(unit.hasSuffix("s") ? unit.dropLast() : unit[...])]
    }

    /// The instant so many units from now; nil for an unknown unit.
    fileprivate func after(_ count: Int64, unit: String) -> Timestamp? {
        Self.seconds[unit].map { Timestamp(milliseconds: now.milliseconds + count * $0 * 1000) }
    }

    /// The instant so many units ago; nil for an unknown unit.
    fileprivate func before(_ count: Int64, unit: String) -> Timestamp? {
        if let seconds = Self.seconds[unit] {
            return Timestamp(milliseconds: now.milliseconds - count * seconds * 1000)
        }
        guard unit == "month" || unit == "year" else { return nil }
        return monthsAgo(unit == "year" ? count * 12 : count)
    }

    /// The same day of an earlier month, or that month's last day where it is shorter; the same time on local clocks.
    private func monthsAgo(_ count: Int64) -> Timestamp {
        let local = now.milliseconds + Int64(offsetMinutes(now)) * 60_000
        let days = local.floorDivided(by: 86_400_000)
        let today = CivilDate(daysSince1970: days)
        let months = today.year * 12 + today.month - 1 - count
        let year = months.floorDivided(by: 12)
        let month = months - year * 12 + 1
        let day = min(today.day, CivilDate.days(inMonth: month, of: year))
        let then = CivilDate(year: year, month: month, day: day).daysSince1970 * 86_400_000 + local - days * 86_400_000
        return Timestamp(milliseconds: then - Int64(offset(whenLocal: then)) * 60_000)
    }
}
