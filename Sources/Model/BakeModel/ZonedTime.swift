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
        "a time is 2026-11-20, 2026-11-20T03:00, with :30 for seconds and +09:00 or Z for the offset where wanted, @1795111200 (seconds since 1970), 14:05 (today), noon, yesterday 14:05, last friday noon, now, yesterday, last week, 2 hours ago or 2h ago"

    /// The spellings of a time to come, as shown in messages.
    public static let explanationOfEnd =
        "a time to come is as in 2h, 1h30m, 7d, tomorrow, tomorrow 09:00, noon (the next one), 18:00 (today), 2027-01-31 or 2027-01-31T12:00+09:00"

    /// Names an instant at an offset.
    public init(timestamp: Timestamp, offsetMinutes: Int) {
        self.timestamp = timestamp
        self.offsetMinutes = offsetMinutes
    }

    /// Reads a time: a date (its first moment) or a date and time as in ISO 8601, local unless an offset follows, or
    /// words as in git, `14:05` (of today), `last friday noon`, `2.hours.ago`. nil for anything else.
    public init?(_ text: some StringProtocol, clock: LocalClock) {
        guard let time = TimePhrase(clock: clock).time(text) ?? CalendarTime(text)?.time(clock: clock) else {
            return nil
        }
        self = time
    }

    /// Reads a time to come: `2h` or `in 2h` from now, `in 2 hours`, `tomorrow`, `tomorrow 09:00`, the next `noon`, and what names
    /// an instant by date or time of day. nil for anything else, and for what is over.
    public init?(toCome text: String, clock: LocalClock) {
        let words = text.split { " .-".contains($0) }
        let span = words.first == "in" ? words.dropFirst() : words[...]
        var time = ZonedTime(text, clock: clock)
        if text == "tomorrow" {
            time = clock.after(1, unit: "day").map { Self.at($0, clock) }
        } else if let next = TimePhrase(clock: clock).next(text) {
            time = next
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

    /// RFC 3339 at the offset, with milliseconds only where there are some: it reads back to the same value anywhere.
    public var description: String {
        let text = timestamp.text(offsetMinutes: offsetMinutes)
        let fraction = timestamp.milliseconds - timestamp.seconds * 1000
        guard fraction > 0 else { return text }
        return "\(text.dropLast(6)).\(String(1000 + fraction).dropFirst())\(text.suffix(6))"
    }

    private static func at(_ timestamp: Timestamp, _ clock: LocalClock) -> ZonedTime {
        ZonedTime(timestamp: timestamp, offsetMinutes: clock.offsetMinutes(timestamp))
    }
}
