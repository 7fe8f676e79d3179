import Foundation
import Testing

@testable import BakeModel

@Suite struct ZoneRulesTests {
    /// Foundation's ICU data come from elsewhere than the machine's files.
    @Test(
        "zones of the machine agree with Foundation over fifty years",
        arguments: ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Sydney", "UTC", "Asia/Kolkata"])
    func agrees(name: String) throws {
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)")))
        let rules = try #require(ZoneRules(bytes))
        let zone = try #require(TimeZone(identifier: name))
        for day in 0..<18_000 {
            let seconds = Int64(day) * 86_400 + 43_200
            let offset = rules.offset(at: Timestamp(seconds: seconds))
            let expected = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
            #expect(offset == expected, "day \(day)")
        }
    }

    @Test("the rule behind the last transition, north and south: POSIX's own examples of TZ")
    func yearly() throws {
        let berlin = try #require(YearlyRule("CET-1CEST,M3.5.0,M10.5.0/3"))
        // 2100-03-28 is the last Sunday of March: summer begins at 01:00 UTC.
        let change = CivilDate(year: 2100, month: 3, day: 28).daysSince1970 * 86_400 + 3600
        #expect([change - 1, change].map(berlin.offset) == [3600, 7200])
        let sydney = try #require(YearlyRule("AEST-10AEDT,M10.1.0,M4.1.0/3"))
        let january = CivilDate(year: 2100, month: 1, day: 15).daysSince1970 * 86_400
        let july = CivilDate(year: 2100, month: 7, day: 15).daysSince1970 * 86_400
        #expect([january, july].map(sydney.offset) == [39_600, 36_000])
        #expect(YearlyRule("<+0330>-3:30")?.offset(at: 0) == 12_600)
        for text in ["", "X", "CET", "CET-1CEST", "CET-1CEST,J60,J300", "CET-1CEST,M13.5.0,M10.5.0"] {
            #expect(YearlyRule(text) == nil, "\(text)")
        }
    }

    @Test("a file that is cut off anywhere is none, and nothing is read beyond its end")
    func cutOff() throws {
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Asia/Tokyo")))
        for length in 0..<bytes.count { _ = ZoneRules(Array(bytes[..<length])) }
        #expect(ZoneRules(Array(bytes[..<60])) == nil)
        #expect(ZoneRules(Array("TZif2".utf8) + [UInt8](repeating: 0xff, count: 200)) == nil)
    }
}
