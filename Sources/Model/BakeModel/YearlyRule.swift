/// The rule behind the last transition of a zone, as POSIX's `TZ` has it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct YearlyRule: Hashable, Sendable {
    private let standard: Int64
    private let summer: Summer?

    private struct Summer: Hashable {
        let offset: Int64
        let start: Change
        let end: Change
    }

    /// The day and second of a change, on the clocks that show the time before it.
    private struct Change: Hashable {
        let month: Int64
        let week: Int64
        let weekday: Int64
        let seconds: Int64
    }

    /// Reads a rule with changes in months, weeks and days; nil for every other.
    init?(_ text: String) {
        let parts = text.split(separator: ",").map(String.init)
        guard let first = parts.first else { return nil }
        var rest = first[...]
        guard Self.takeName(&rest), let behind = Self.takeOffset(&rest) else { return nil }
        standard = -behind
        guard !rest.isEmpty else {
            summer = nil
            return
        }
        guard Self.takeName(&rest), parts.count == 3, let start = Self.change(parts[1]), let end = Self.change(parts[2])
        else { return nil }
        let offset = rest.isEmpty ? standard + 3600 : -(Self.takeOffset(&rest) ?? 0)
        summer = Summer(offset: offset, start: start, end: end)
    }

    /// How many seconds local clocks are ahead of UTC.
    func offset(at seconds: Int64) -> Int64 {
        guard let summer else { return standard }
        let year = CivilDate(daysSince1970: (seconds + standard).floorDivided(by: 86_400)).year
        let start = Self.moment(summer.start, year) - standard
        let end = Self.moment(summer.end, year) - summer.offset
        // South of the equator summer goes over the new year.
        let isSummer = start < end ? (start..<end).contains(seconds) : !(end..<start).contains(seconds)
        return isSummer ? summer.offset : standard
    }

    private static func moment(_ change: Change, _ year: Int64) -> Int64 {
        let first = CivilDate(year: year, month: change.month, day: 1).daysSince1970
        let weekday = (first + 4) - (first + 4).floorDivided(by: 7) * 7
        var day = (change.weekday - weekday + 7) % 7 + (change.week - 1) * 7
        while day >= CivilDate.days(inMonth: change.month, of: year) { day -= 7 }
        return (first + day) * 86_400 + change.seconds
    }

    private static func takeName(_ text: inout Substring) -> Bool {
        let isQuoted = text.first == "<"
        let name = isQuoted ? text.prefix { $0 != ">" } : text.prefix { $0.isLetter }
        guard name.count >= 3 else { return false }
        text = text.dropFirst(name.count + (isQuoted ? 1 : 0))
        return true
    }

    /// `[+-]hh[:mm[:ss]]`, in seconds.
    private static func takeOffset(_ text: inout Substring) -> Int64? {
        let word = text.prefix { $0.isNumber || $0 == ":" || $0 == "-" || $0 == "+" }
        text = text.dropFirst(word.count)
        let isNegative = word.first == "-"
        let numbers = word.drop { $0 == "-" || $0 == "+" }.split(separator: ":").map { Int64($0) }
        guard (1...3).contains(numbers.count), numbers.allSatisfy({ $0.map { $0 < 1000 } ?? false }) else { return nil }
        let seconds = zip(numbers, [3600, 60, 1]).reduce(Int64(0)) { $0 + ($1.0 ?? 0) * Int64($1.1) }
        return isNegative ? -seconds : seconds
    }

    /// `Mm.w.d[/time]`.
    private static func change(_ text: String) -> Change? {
        let halves = text.split(separator: "/", maxSplits: 1)
        guard let date = halves.first, date.first == "M" else { return nil }
        let numbers = date.dropFirst().split(separator: ".").compactMap { Int64($0) }
        guard numbers.count == 3, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]),
            (0...6).contains(numbers[2])
        else { return nil }
        var time = halves.count == 2 ? halves[1] : "2"
        guard let seconds = takeOffset(&time), time.isEmpty else { return nil }
        return Change(month: numbers[0], week: numbers[1], weekday: numbers[2], seconds: seconds)
    }
}
