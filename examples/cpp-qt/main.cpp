// A call of four: one's own picture and three others, drawn by Qt from the frames of the SDK.
#include <QApplication>
#include <QCommandLineParser>
#include <QTextStream>

#include "call.h"
#include "window.h"

int main(int count, char** arguments) {
  QApplication application(count, arguments);
  QCommandLineParser parser;
  parser.addHelpOption();
  parser.addOption({"server", "Address of the engine.", "url"});
  parser.addOption({"app", "SDKAppID.", "number"});
  parser.addOption({"user", "Name.", "name"});
  parser.addOption({"sig", "UserSig.", "text"});
  parser.addOption({"room", "Room.", "number", "1001"});
  parser.process(application);

  Call call;
  if (!call.isThere()) {
    QTextStream(stderr) << "the engine could not be started\n";
    return 1;
  }
  Window window(call, {parser.value("server"), parser.value("app"), parser.value("user"), parser.value("sig"), parser.value("room").toUInt()});
  window.show();
  return QApplication::exec();
}
