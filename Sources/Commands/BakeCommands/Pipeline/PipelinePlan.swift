import ArgumentParser
import BakeModel
import BakePipeline

/// `bake plan`: what a bake would do. Nothing is written.
struct PipelinePlan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a bake would do, and why; nothing is written.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var source: SourceOptions

    @Flag(help: "Plan for uncommitted files as well.")
    var draft = false

    @Flag(help: "Print the graph in the DOT language.")
    var dot = false

    @Flag(help: "Print the graph as a Mermaid flowchart.")
    var mermaid = false

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: true)
        let inputs = try source.inputs(session, store, isDraft: draft)
        let request = try session.bakeRequest(jobs: nil, isDraft: draft)
        let plan = try BakeRun(store: store, inputs: inputs, request: request).plan()
        if session.options.json {
            session.console.document(PlanDocument(plan).json)
        } else if dot {
            session.console.verbatim(PlanGraph.dot(plan))
        } else if mermaid {
            session.console.verbatim(PlanGraph.mermaid(plan))
        } else {
            session.console.verbatim(PlanTable(plan).text)
        }
    }
}
