import BakeModel
import Testing

@testable import BakePipeline

@Suite struct LimitsClauseTests {
    private func limits(_ text: String) throws -> StageLimits? {
        let file = "name: web\nstages: {os: {from: scratch, run: make, limits: \(text)}}\nimage: os\n"
        return try PipelineFile.read(Array(file.utf8), at: try TreePath(cleaning: "bake.yaml")).stages.first?.limits
    }

    @Test("sizes in powers of 1024, a number of processes, a duration")
    func values() throws {
        let all = StageLimits(memory: 2_147_483_648, processes: 512, seconds: 1800)
        #expect(try limits("{ memory: 2G, processes: 512, time: 30m }") == all)
        #expect(try limits("{ memory: 512M }")?.memory == 536_870_912)
        #expect(try limits("{ memory: 2048KiB }")?.memory == 2_097_152)
        #expect(try limits("{ memory: 1048576 }")?.memory == 1_048_576)
        #expect(try limits("{ time: 90s }")?.seconds == 90)
        #expect(try limits("{ time: 2h }")?.seconds == 7200)
        #expect(try limits("{}") == StageLimits())
    }

    @Test(
        "what is no limit is refused with what to write",
        arguments: [
            ("{ memory: 2 G }", "memory is a size of 1M or more, not \"2 G\""),
            ("{ memory: 100K }", "memory is a size of 1M or more, not \"100K\""),
            ("{ memory: 99999999999G }", "memory is a size"), ("{ memory: -1 }", "memory is a size"),
            ("{ processes: many }", "processes is a number, not \"many\""),
            ("{ processes: 0 }", "processes is a number from 1 to 4000000, not 0"),
            ("{ time: 30 }", "time is a duration of at most a week, not \"30\""),
            ("{ time: 0s }", "time is a duration"),
            ("{ time: 8000h }", "time is a duration"), ("{ memroy: 2G }", "did you mean \"memory\"?"), ("2G", "a map"),
        ])
    func faults(text: String, message: String) {
        #expect { try limits(text) } throws: { ($0 as? SourceFaults)?.report.contains(message) == true }
    }

    @Test("limits belong to a command")
    func withoutCommand() {
        let file = "name: web\nstages: {os: {from: scratch, limits: {time: 1m}}}\nimage: os\n"
        #expect {
            try PipelineFile.read(Array(file.utf8), at: try TreePath(cleaning: "bake.yaml"))
        } throws: { ($0 as? SourceFaults)?.report.contains("\"limits\" without \"run\"") == true }
    }
}
