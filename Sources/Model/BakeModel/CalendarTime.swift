/// A date, or a date and a time, as in ISO 8601's extended format: what is written, before an offset gives it its place.
struct CalendarTime {
    /// Milliseconds since 1970-01-01T00:00 on the clocks that show it.
    private let milliseconds: Int64
    /// The offset that is written; nil for local time.
    private let offsetMinutes: Int?

    /// Reads `2026-11-20`, `2026-11-20T03:00`, `2026-11-20 03:00:30.250`, each with time also before `Z`, `+09:00`,
    /// `+0900` or `+09`; nil for anything else and for days that are in no calendar.
    init?(_ text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        guard let year = rest.number(4), rest.take("-"), let month = rest.number(2), rest.take("-"),
            let day = rest.number(2), (1970...9999).contains(year), (1...12).contains(month),
            (1...CivilDate.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        let midnight = CivilDate(year: year, month: month, day: day).daysSince1970 * 86_400_000
        if rest.isEmpty {
            (milliseconds, offsetMinutes) = (midnight, nil)
            return
        }
        guard rest.take("T") || rest.take(" "), let time = rest.timeOfDay(), let offset = rest.offset() else {
            return nil
        }
        (milliseconds, offsetMinutes) = (midnight + time, offset)
    }

    /// Reads `14:05`, `14:05:30`, `14:05:30.250` on a day, local time.
    init?(timeOfDay text: some StringProtocol, on day: CivilDate) {
        var rest = Array(text.utf8)[...]
        guard let time = rest.timeOfDay(), rest.isEmpty else { return nil }
        (milliseconds, offsetMinutes) = (day.daysSince1970 * 86_400_000 + time, nil)
    }

    /// The instant.
    func time(clock: LocalClock) -> ZonedTime {
        let offset = offsetMinutes ?? clock.offset(whenLocal: milliseconds)
        return ZonedTime(
            timestamp: Timestamp(milliseconds: milliseconds - Int64(offset) * 60_000), offsetMinutes: offset)
    }
}

extension ArraySlice<UInt8> {
    /// Takes the character, if it is the next.
    fileprivate mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard first == UInt8(ascii: character) else { return false }
        removeFirst()
        return true
    }

    /// Takes exactly so many digits.
    fileprivate mutating func number(_ digits: Int) -> Int64? {
        let taken = prefix(digits)
        guard taken.count == digits, taken.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        removeFirst(digits)
        return taken.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Takes `hh:mm[:ss[.f]]`, in milliseconds. `24:00` and leap seconds are refused.
    fileprivate mutating func timeOfDay() -> Int64? {
        guard let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60 else { return nil }
        let start = (hour * 60 + minute) * 60_000
        guard take(":") else { return start }
        guard let second = number(2), second < 60 else { return nil }
        guard take(".") else { return start + second * 1000 }
        guard let fraction = fraction() else { return nil }
        return start + second * 1000 + fraction
    }

    /// Takes the digits of a fraction of a second, to the billionth at most, in whole milliseconds.
    private mutating func fraction() -> Int64? {
        let digits = prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        removeFirst(digits.count)
        return (digits + Array("00".utf8)).prefix(3).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Takes the rest as an offset: `.some(nil)` where nothing is left, nil where it is something else.
    fileprivate mutating func offset() -> Int?? {
        if isEmpty { return .some(nil) }
        if take("Z") { return isEmpty ? 0 : nil }
        let sign = first == UInt8(ascii: "-") ? -1 : 1
        guard take("-") || take("+"), let hours = number(2), hours < 24 else { return nil }
        if isEmpty { return sign * Int(hours) * 60 }
        _ = take(":")
        guard let minutes = number(2), minutes < 60, isEmpty else { return nil }
        return sign * Int(hours * 60 + minutes)
    }
}

extension CivilDate {
    /// How many days a month has.
    static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        let next =
            month == 12 ? CivilDate(year: year + 1, month: 1, day: 1) : CivilDate(year: year, month: month + 1, day: 1)
        return next.daysSince1970 - CivilDate(year: year, month: month, day: 1).daysSince1970
    }
}
