import BakeModel
import Testing

@Suite struct PromotionWindowTests {
    @Test("days and minutes of the local week; the end is outside")
    func week() throws {
        let window = try #require(PromotionWindow("Mon-Fri 09:00-17:00 Asia/Tokyo"))
        #expect(window.zone == "Asia/Tokyo")
        #expect((0..<7).filter { window.isOpen(day: $0, minute: 12 * 60) } == [1, 2, 3, 4, 5])
        #expect(
            [539, 540, 1019, 1020].map { window.isOpen(day: 1, minute: $0) } == [false, true, true, false])
    }

    @Test("a window over midnight belongs to the day on which it opens; so may days go over Sunday")
    func night() throws {
        let night = try #require(PromotionWindow("Fri 22:00-06:00 UTC"))
        #expect(night.isOpen(day: 5, minute: 1320) && night.isOpen(day: 6, minute: 359))
        #expect(!night.isOpen(day: 6, minute: 360) && !night.isOpen(day: 5, minute: 100))
        #expect(PromotionWindow("Fri-Mon 00:00-24:00 UTC")?.days == [5, 6, 0, 1])
        #expect(PromotionWindow("daily 00:00-24:00 UTC")?.days.count == 7)
    }

    @Test(
        "what is none, or never opens",
        arguments: [
            "", "Mon", "Mon 09:00-17:00", "Mon 09:00-09:00 UTC", "Mun 09:00-17:00 UTC", "Mon 9:00-17:00 UTC",
            "Mon 09:00-25:00 UTC", "Mon 24:00-09:00 UTC", "Mon 09:60-17:00 UTC", "Mon 09:00-17:00 ../../etc/passwd",
            "Mon 09:00-17:00 /etc/localtime", "Mon-Tue-Wed 09:00-17:00 UTC", "Mon, 09:00-17:00 UTC",
        ])
    func refuses(text: String) { #expect(PromotionWindow(text) == nil) }
}
