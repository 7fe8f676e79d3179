import Glibc
import LinuxSystem
import Synchronization

/// The two ways between rspec and the session in the image. An end of the answers that this process kept open would never
/// let the other side come to its end, so each is handed on and forgotten. The questions are a socket: they can be ended,
/// too, where somebody has them whom rspec left behind.
final class ServerspecPipes: Sendable {
    private let questions: Descriptor
    private let session: Mutex<[Descriptor]>
    private let answers: Mutex<Descriptor?>

    init() throws(SystemError) {
        let (asked, questions) = try Descriptor.socketPair()
        let (answers, answersWrite) = try Descriptor.pipe()
        self.questions = questions
        session = Mutex([asked, answersWrite])
        self.answers = Mutex(answers)
    }

    /// Where the session reads questions and writes answers; whoever takes them closes them.
    func takeSessionEnds() -> [Descriptor] {
        session.withLock { ends in
            defer { ends = [] }
            return ends
        }
    }

    /// The descriptors of rspec's process.
    func rspecEnds() -> [Int32: Descriptor] {
        var ends = [ServerspecBackend.questions: questions]
        ends[ServerspecBackend.answers] = answers.withLock { $0 }
        return ends
    }

    /// Ends the questions, whoever else could ask some.
    func closeRspecEnds() {
        shutdown(questions.number, Int32(SHUT_WR))
        answers.withLock { $0 = nil }
    }
}
