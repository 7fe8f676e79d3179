import BakeTestSupport
import Foundation
import Glibc
import Testing

@Suite struct KillTests {
    private static let kills = 100

    @Test("P6, P13: killed at 100 random moments, the next bake works without repair")
    func anyMoment() throws {
        let small = try SmallRepository()
        let start = Date()
        _ = try small.bake("build")
        // Longer than a whole bake takes, so that some kills come after its end and some during every part of it.
        let longest = UInt32(max(0.2, Date().timeIntervalSince(start)) * 1_100_000)
        for number in 1...Self.kills {
            try small.commitPage("hello \(number)")
            let child = try small.start(["build", "-q"])
            usleep(UInt32.random(in: 0...longest))
            child.kill()
            _ = try child.wait()
        }
        let after = try small.bake("build", "-q")
        #expect(after.status == 0, "\(after.errors)")
        #expect(try small.bake("fsck").status == 0)
        #expect(try small.bake("audit", "--verify").status == 0)
        #expect(try small.bake("enter", "small", "--", "cat", "/srv/page.txt").output == "HELLO \(Self.kills)\n")
        #expect(Processes.of(small.store).isEmpty)
        // On a busy machine a helper of the last bake that was killed may have outlived the bake after it: whoever mounts
        // next sweeps what it left, and takes its own directory away while it ends.
        #expect(try small.bake("enter", "small", "--", "cat", "/srv/page.txt").status == 0)
        #expect(try small.bake("build", "-q").status == 0)
        var left: [String] = []
        for _ in 0..<100 {
            left = try FileManager.default.contentsOfDirectory(atPath: "\(small.store)/tmp")
            if left.isEmpty { break }
            usleep(100_000)
        }
        #expect(left == [])
    }
}
