/// Times as people say them, counted from a clock: `now`, `noon`, `yesterday 14:05`, `last friday noon`, `2 hours ago`,
/// `1 day 2 hours ago`, `5m ago`, `@1795330177`. They mean what they mean to git, with one exception: the noon of a day is that
/// day's, where git takes a day more off before noon.
struct TimePhrase {
    let clock: LocalClock

    /// The instant that a phrase names, at or around the present; nil where it names none.
    func time(_ text: some StringProtocol) -> ZonedTime? {
        let text = text.lowercased()
        if text.hasPrefix("@") { return second(text.dropFirst()) }
        let words = Self.words(of: text)
        if words == ["now"] { return at(clock.now) }
        if words.last == "ago" { return before(words.dropLast()) }
        if words.count == 2, words[0] == "last", let time = before(["1", words[1]]) { return time }
        return onDay(words)
    }

    /// The next noon, midnight or tea; nil for other words.
    func next(_ text: String) -> ZonedTime? {
        let word = text.lowercased()[...]
        guard Self.hours[String(word)] != nil, let today = time(word, daysAgo: 0) else { return nil }
        return today.timestamp > clock.now ? today : time(word, daysAgo: -1)
    }

    private static let hours = ["midnight": "00:00", "noon": "12:00", "tea": "17:00"]
    private static let days: [Substring: Int64] = ["today": 0, "yesterday": 1, "tomorrow": -1]
    private static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    private static let counts = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]

    /// Dots and hyphens stand for spaces, but in a time of day.
    private static func words(of text: String) -> [Substring] {
        let marks = text.contains(":") ? " " : " .-"
        return text.split(omittingEmptySubsequences: false) { marks.contains($0) }
    }

    /// Seconds since 1970.
    private func second(_ digits: Substring) -> ZonedTime? {
        guard digits.utf8.count <= 11, Self.isNumber(digits), let seconds = Int64(digits) else { return nil }
        return at(Timestamp(seconds: seconds))
    }

    /// `2 hours`, `one day 2 hours`, `1h30m`: so long before the present. Nothing lies before 1970.
    private func before(_ words: [Substring]) -> ZonedTime? {
        if words.count == 1 {
            guard let span = TimeSpan(words[0]), clock.now.milliseconds >= span.milliseconds else { return nil }
            return at(Timestamp(milliseconds: clock.now.milliseconds - span.milliseconds))
        }
        guard !words.isEmpty, words.count.isMultiple(of: 2) else { return nil }
        var time = clock.now
        for index in stride(from: 0, to: words.count, by: 2) {
            let unit = words[index + 1]
            guard let count = Self.count(words[index]),
                let before = clock.at(time).before(count, unit: String(unit.hasSuffix("s") ? unit.dropLast() : unit)),
                before.milliseconds >= 0
            else { return nil }
            time = before
        }
        return at(time)
    }

    private static func count(_ word: Substring) -> Int64? {
        if let index = counts.firstIndex(of: String(word)) { return Int64(index) + 1 }
        return word.utf8.count <= 5 && isNumber(word) ? Int64(word) : nil
    }

    private static func isNumber(_ word: Substring) -> Bool { word.utf8.allSatisfy { (0x30...0x39).contains($0) } }

    /// A day, at the present time of day; a time of day, of today; or both, in either order.
    private func onDay(_ words: [Substring]) -> ZonedTime? {
        if let days = daysAgo(words[...]) { return days < 0 ? nil : clock.before(days, unit: "day").map(at) }
        guard let first = words.first, let last = words.last else { return nil }
        if words.count == 1 { return alone(first) }
        if let days = daysAgo(words.dropLast()) { return time(last, daysAgo: days) }
        return daysAgo(words.dropFirst()).flatMap { time(first, daysAgo: $0) }
    }

    /// A time of today; noon is the last one that is over.
    private func alone(_ word: Substring) -> ZonedTime? {
        let today = time(word, daysAgo: 0)
        guard Self.hours[String(word)] != nil, let today, today.timestamp > clock.now else { return today }
        return time(word, daysAgo: 1)
    }

    /// How many days before today `yesterday` is, or `last friday`; never today's weekday itself.
    private func daysAgo(_ words: ArraySlice<Substring>) -> Int64? {
        guard let last = words.last else { return nil }
        if words.count == 1 { return Self.days[last] }
        guard words.count == 2, words.first == "last",
            let weekday = Self.weekdays.firstIndex(where: { $0 == last || $0.prefix(3) == last })
        else { return nil }
        // 1970-01-01 was a Thursday.
        let present = (today + 4) - (today + 4).floorDivided(by: 7) * 7
        return (present - Int64(weekday) + 6) % 7 + 1
    }

    /// The days from 1970-01-01 to today, on local clocks.
    private var today: Int64 {
        (clock.now.milliseconds + Int64(clock.offsetMinutes(clock.now)) * 60_000).floorDivided(by: 86_400_000)
    }

    private func time(_ word: Substring, daysAgo: Int64) -> ZonedTime? {
        let day = CivilDate(daysSince1970: today - daysAgo)
        return CalendarTime(timeOfDay: Self.hours[String(word)] ?? String(word), on: day)?.time(clock: clock)
    }

    private func at(_ time: Timestamp) -> ZonedTime {
        ZonedTime(timestamp: time, offsetMinutes: clock.offsetMinutes(time))
    }
}

extension LocalClock {
    private static let seconds: [String: Int64] = [
        "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800,
    ]

    /// The same clock at another time.
    fileprivate func at(_ time: Timestamp) -> LocalClock { LocalClock(now: time, offsetMinutes: offsetMinutes) }

    /// The seconds of `hour` or `hours`; nil for what is no unit, or one that is not always as long.
    static func length(of unit: some StringProtocol) -> Int64? {
        seconds[String(unit.hasSuffix("s") ? unit.dropLast() : unit[...])]
    }

    /// The instant so many units from now; nil for an unknown unit.
    func after(_ count: Int64, unit: String) -> Timestamp? {
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
