// The window: four tiles, what is needed to join, and what happens in words.
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QPushButton>
#include <QSpinBox>
#include <array>

#include "call.h"
#include "tile.h"

class Window : public QMainWindow {
  Q_OBJECT

 public:
  struct Ticket {
    QString server;
    QString app;
    QString user;
    QString sig;
    quint32 room;
  };
  Window(Call& call, const Ticket& ticket);

 private:
  void join();
  void onEntered(int result);
  void onLeft(int reason);
  void onCameAndWent(const QString& user, bool is_there);
  void onPicture(const QString& user, const QImage& image);
  void listDevices();
  void setInside(bool inside);
  Tile* tileOf(const QString& user);
  void say(const QString& words) { status_->setText(words); }

  Call& call_;
  // The first is our own.
  std::array<Tile*, 4> tiles_;
  QLineEdit* server_;
  QLineEdit* app_;
  QLineEdit* user_;
  QLineEdit* sig_;
  QSpinBox* room_;
  QPushButton* join_;
  QPushButton* leave_;
  QPushButton* mute_camera_;
  QPushButton* mute_microphone_;
  QComboBox* cameras_;
  QComboBox* microphones_;
  QComboBox* speakers_;
  QLabel* status_;
};
