import ImageComparison
import Testing

@Suite struct LikelyCauseTests {
    private static let context = LikelyCause.Context(
        seconds: [1_763_716_000, 1_763_716_900], hostNames: ["builder7", "node-b"],
        directories: ["/srv/job/12", "/srv/job/13"])

    @Test(
        "what the differing parts hold tells the cause",
        arguments: [
            ("stamp=1763716001\n", "stamp=1763716905\n", LikelyCause.time),
            ("Built 2026-11-20 10:00\n", "Built 2026-11-21 11:31\n", .time),
            ("on builder7\n", "on node-b\n", .hostName),
            ("in /srv/job/12/src\n", "in /srv/job/13/src\n", .buildPath), ("a\nb\nc\n", "c\na\nb\n", .order),
            ("LANG=C.UTF-8\n", "LANG=de_DE.UTF-8\n", .locale),
            (
                "id 3f2504e0-4f89-41d3-9a0c-0305e82c3301\n",
                "id 9b2e8c1a-77d0-4c5e-b1f2-6a1d9e0c4b77\n", .random
            ),
            ("pid 4711\n", "pid 4822\n", .processNumber), ("good\n", "well\n", .unknown),
        ])
    func causes(old: String, new: String, cause: LikelyCause) {
        #expect(LikelyCause(Array(old.utf8), Array(new.utf8), Self.context) == cause)
    }
}
