/// The Ruby that is loaded before a Serverspec suite: a backend of Specinfra that has every command run in the image's
/// sandbox, whatever backend the suite asks for, and a formatter that writes what bake reads.
enum ServerspecBackend {
    /// The descriptors of the process that runs rspec: what it asks, and what it is answered.
    static let questions: Int32 = 3
    static let answers: Int32 = 4

    static let source = #"""
        require 'json'
        require 'serverspec'

        module Specinfra
          module Backend
            class Bake < Exec
              def initialize(config = {})
                super
                @questions = IO.new(3, 'w')
                @answers = IO.new(4, 'r')
              end

              def send_file(from, to)
                raise NotImplementedError, 'bake does not copy files into an image'
              end
              alias send_directory send_file

              # What was found to run must run in the end, too.
              def found_running
                ask(running: true)
              end

              private

              def with_env
                yield
              end

              def spawn_command(cmd)
                env = { LANG: 'C' }.merge(get_config(:env) || {})
                exports = env.map { |name, value| "export #{name}=#{value.to_s.shellescape}; " }.join
                ask(command: exports + cmd)
                status = JSON.parse(answer)['status']
                texts = [answer, answer].map { |text| text.force_encoding('UTF-8') }
                # As Specinfra keeps the output; a command that is not there says so only here.
                @example.metadata[:stderr] = texts[1] if @example
                texts.zip([@stdout_handler, @stderr_handler]) { |text, handler| handler&.call(text) }
                [*texts, status]
              end

              def ask(question)
                text = JSON.generate(question)
                @questions.write(['V', text.bytesize].pack('aQ>'), text)
                @questions.flush
              rescue Errno::EPIPE
                raise 'the session in the image ended'
              end

              def answer
                header = @answers.read(9) or raise 'the session in the image ended'
                kind, size = header.unpack('aQ>')
                text = @answers.read(size)
                return text unless kind == 'E'
                error = JSON.parse(text)
                raise "cannot #{error['doing']} #{error['subject']}: #{error['reason']}"
              end
            end
          end

          class << self
            def backend
              Backend::Bake.instance
            end
          end
        end

        { Port: :listening?, Process: :running?, Service: :running? }.each do |type, question|
          witness = Module.new do
            define_method(question) do |*arguments|
              super(*arguments).tap { |found| Specinfra.backend.found_running if found }
            end
          end
          Serverspec::Type.const_get(type).prepend(witness)
        end

        class BakeFormatter
          RSpec::Core::Formatters.register self, :example_passed, :example_failed, :example_pending, :message, :start,
            :close

          def initialize(output)
            @output = output
            @expected = 0
          end

          def start(notification)
            @expected = notification.count
          end

          def example_passed(notification)
            write(notification.example, 'passed')
          end

          def example_pending(notification)
            write(notification.example, 'skipped', reason: notification.example.execution_result.pending_message)
          end

          def example_failed(notification)
            error = notification.example.execution_result.exception
            kind = error.is_a?(RSpec::Expectations::ExpectationNotMetError) ? 'failed' : 'error'
            data = notification.example.metadata
            write(notification.example, kind, reason: error.message, command: plain(data[:command]),
                  stdout: data[:stdout], stderr: data[:stderr])
          end

          def message(notification)
            line(message: notification.message)
          end

          def close(_)
            # The last line: without it rspec has died on the way.
            line(examples: @expected)
            @output.fsync
          end

          private

          # Specinfra's commands are wrapped in a shell; people know what is inside.
          def plain(command)
            words = command.to_s.shellsplit
            words[0, 2] == ['/bin/sh', '-c'] && words.size == 3 ? words[2] : command
          rescue ArgumentError
            command
          end

          def write(example, outcome, more = {})
            milliseconds = (example.execution_result.run_time * 1000).to_i
            line({ group: example.example_group.metadata[:full_description], example: example.description,
                   outcome: outcome, milliseconds: milliseconds }.merge(more))
          end

          def line(members)
            text = members.compact.transform_values do |value|
              value.is_a?(String) ? value.dup.force_encoding('UTF-8').scrub.gsub(/\e\[[0-9;]*m/, '') : value
            end
            @output.puts(JSON.generate(text))
            # What ran is known, also where the next example ends this process.
            @output.flush
          end
        end
        """#
}
