import BakeTestSupport
import Foundation
import Testing

/// What a promotion costs besides its own work, counted: it is what a release manager waits for.
@Suite struct PromotionCostTests {
    @Test(
        "a promotion loads one executable, reads all its commits through one helper, and waits for the disk three times"
    )
    func calls() throws {
        let small = try SmallRepository()
        try small.git.commit(files: [
            "bake.yaml": "name: small\nstages: { app: { from: scratch, add: { /srv/: src/ } } }\nimage: app\n",
            "policy.yaml": "environments: { staging: {} }\n",
        ])
        try #require(try small.bake("build").status == 0)
        try #require(try small.bake("env", "apply", "policy.yaml").status == 0)
        try #require(try small.bake("promote", "1", "staging").status == 0)
        // Now and then the log has grown so long that the last one who closes it moves it into the file, and the next one begins
        // it anew: neither is to be the promotion that is counted.
        try ForeignTool.run("sqlite3", ["\(small.store)/ledger.sqlite", "PRAGMA wal_checkpoint(TRUNCATE)"])
        try small.commitPage("hello again")
        try #require(try small.bake("build").status == 0)
        let trace = "\(small.git.path)/calls"
        let set = "trace=execve,fsync,fdatasync"
        let moved = try small.bake(
            ["promote", "2", "staging"], wrapper: ["/usr/bin/strace", "-f", "-qq", "-o", trace, "-e", set])
        #expect(moved.status == 0 && moved.output.contains("1 commit, "), "\(moved)")
        let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
        #expect(lines.count { $0.contains(" execve(") } == 1)
        // The entry with the directory of its log, of which SQLite cannot know that it is there, and index.json.
        #expect(lines.count { $0.contains("sync(") } == 3, "\(lines)")
    }
}
