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
        "a time is 2026-11-20, 2026-11-20T03:00, with :30 for seconds and +09:00 or Z for the offset where wanted, now, yesterday, or as in 2 hours ago"

    /// Names an instant at an offset.
    public init(timestamp: Timestamp, offsetMinutes: Int) {
        self.timestamp = timestamp
        self.offsetMinutes = offsetMinutes
    }

    /// Reads a time: a date (its first moment) or a date and time as in ISO 8601, local unless an offset follows, or
    /// `now`, `yesterday`, `2 hours ago` as in git (dots or hyphens may stand for the spaces). nil for anything else.
    public init?(_ text: some StringProtocol, clock: LocalClock) {
        guard let time = Self.relative(text, clock: clock) ?? CalendarTime(text)?.time(clock: clock) else { return nil }
        self = time
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
