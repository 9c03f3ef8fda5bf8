#include "window.h"

#include <QFormLayout>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <limits>

using namespace liteav;

Window::Window(Call& call, const Ticket& ticket) : call_(call) {
  setWindowTitle(tr("Call of four"));
  auto* const central = new QWidget(this);
  auto* const grid = new QGridLayout;
  for (size_t i = 0; i < tiles_.size(); ++i) {
    tiles_[i] = new Tile(central);
    grid->addWidget(tiles_[i], static_cast<int>(i / 2), static_cast<int>(i % 2));
  }

  server_ = new QLineEdit(ticket.server, central);
  server_->setPlaceholderText(tr("looked up, see the README"));
  app_ = new QLineEdit(ticket.app, central);
  user_ = new QLineEdit(ticket.user, central);
  sig_ = new QLineEdit(ticket.sig, central);
  sig_->setEchoMode(QLineEdit::Password);
  room_ = new QSpinBox(central);
  room_->setRange(1, std::numeric_limits<int>::max());
  room_->setValue(static_cast<int>(ticket.room));
  join_ = new QPushButton(tr("Join"), central);
  leave_ = new QPushButton(tr("Leave"), central);
  mute_camera_ = new QPushButton(tr("Mute camera"), central);
  mute_microphone_ = new QPushButton(tr("Mute microphone"), central);
  mute_camera_->setCheckable(true);
  mute_microphone_->setCheckable(true);
  cameras_ = new QComboBox(central);
  microphones_ = new QComboBox(central);
  speakers_ = new QComboBox(central);
  status_ = new QLabel(tr("SDK %1").arg(call.version()), central);

  auto* const form = new QFormLayout;
  form->addRow(tr("Server"), server_);
  form->addRow(tr("SDKAppID"), app_);
  form->addRow(tr("User"), user_);
  form->addRow(tr("UserSig"), sig_);
  form->addRow(tr("Room"), room_);
  form->addRow(tr("Camera"), cameras_);
  form->addRow(tr("Microphone"), microphones_);
  form->addRow(tr("Speaker"), speakers_);
  auto* const side = new QVBoxLayout;
  side->addLayout(form);
  for (QPushButton* const button : {join_, leave_, mute_camera_, mute_microphone_}) side->addWidget(button);
  side->addStretch();
  auto* const upper = new QHBoxLayout;
  upper->addLayout(grid, 1);
  upper->addLayout(side);
  auto* const all = new QVBoxLayout(central);
  all->addLayout(upper, 1);
  all->addWidget(status_);
  setCentralWidget(central);

  connect(join_, &QPushButton::clicked, this, &Window::join);
  connect(leave_, &QPushButton::clicked, this, [this] {
    say(tr("leaving"));
    call_.leave();
  });
  connect(mute_camera_, &QPushButton::toggled, this, [this](bool mute) {
    call_.muteCamera(mute);
    tiles_[0]->setNote(mute ? tr("camera muted") : QString());
  });
  connect(mute_microphone_, &QPushButton::toggled, &call_, &Call::muteMicrophone);
  const std::pair<QComboBox*, TXMediaDeviceType> lists[] = {
      {cameras_, TXMediaDeviceTypeCamera}, {microphones_, TXMediaDeviceTypeMic}, {speakers_, TXMediaDeviceTypeSpeaker}};
  for (const auto& list : lists) {
    QComboBox* const box = list.first;
    const TXMediaDeviceType type = list.second;
    connect(box, &QComboBox::activated, this, [this, box, type] { call_.choose(type, box->currentData().toString()); });
  }

  connect(&call_, &Call::entered, this, &Window::onEntered);
  connect(&call_, &Call::left, this, &Window::onLeft);
  connect(&call_, &Call::cameAndWent, this, &Window::onCameAndWent);
  connect(&call_, &Call::picture, this, &Window::onPicture);
  connect(&call_, &Call::devicesChanged, this, &Window::listDevices);
  connect(&call_, &Call::connection, this, &Window::say);
  connect(&call_, &Call::failed, this, [this](int code, const QString& message) { say(tr("%1: %2").arg(code).arg(message)); });
  connect(&call_, &Call::cameraOf, this, [this](const QString& user, bool is_on) {
    Tile* const tile = tileOf(user);
    if (tile == nullptr) return;
    if (is_on) {
      tile->setNote(QString());
      call_.show(user);
    } else {
      call_.hide(user);
      tile->setImage(QImage());
      tile->setNote(tr("no camera"));
    }
  });
  connect(&call_, &Call::microphoneOf, this, [this](const QString& user, bool is_on) {
    if (Tile* const tile = tileOf(user)) tile->setNote(is_on ? QString() : tr("silent"));
  });

  listDevices();
  setInside(false);
}

void Window::join() {
  call_.setServer(server_->text());
  tiles_[0]->setUser(user_->text());
  join_->setEnabled(false);
  say(tr("joining"));
  call_.enter(app_->text().toUInt(), user_->text(), sig_->text(), static_cast<quint32>(room_->value()));
}

void Window::onEntered(int result) {
  if (result < 0) {
    setInside(false);
    say(tr("could not join: %1").arg(result));
    return;
  }
  setInside(true);
  say(tr("joined after %1 ms").arg(result));
}

void Window::onLeft(int reason) {
  switch (reason) {
    case 0: say(tr("you left")); break;
    case 1: say(tr("you were removed from the room")); break;
    case 2: say(tr("the room was dismissed")); break;
    default: say(tr("you are out of the room (%1)").arg(reason)); break;
  }
  for (Tile* const tile : tiles_) tile->setUser(QString());
  setInside(false);
}

void Window::onCameAndWent(const QString& user, bool is_there) {
  Tile* tile = tileOf(user);
  if (is_there && tile == nullptr) {
    // The first free tile beside our own; a fifth member is heard and not seen.
    for (size_t i = 1; i < tiles_.size() && tile == nullptr; ++i) {
      if (tiles_[i]->user().isEmpty()) tile = tiles_[i];
    }
    if (tile != nullptr) tile->setUser(user);
  } else if (!is_there && tile != nullptr) {
    call_.hide(user);
    tile->setUser(QString());
  }
  say(is_there ? tr("%1 came").arg(user) : tr("%1 left").arg(user));
}

void Window::onPicture(const QString& user, const QImage& image) {
  Tile* const tile = user.isEmpty() ? tiles_[0] : tileOf(user);
  if (tile != nullptr && !tile->user().isEmpty()) tile->setImage(image);
}

void Window::listDevices() {
  const std::pair<QComboBox*, TXMediaDeviceType> lists[] = {
      {cameras_, TXMediaDeviceTypeCamera}, {microphones_, TXMediaDeviceTypeMic}, {speakers_, TXMediaDeviceTypeSpeaker}};
  for (const auto& list : lists) {
    const QString current = list.first->currentData().toString();
    list.first->clear();
    for (const Device& device : call_.devices(list.second)) list.first->addItem(device.name, device.id);
    list.first->setCurrentIndex(qMax(0, list.first->findData(current)));
  }
}

void Window::setInside(bool inside) {
  join_->setEnabled(!inside);
  leave_->setEnabled(inside);
  for (QPushButton* const button : {mute_camera_, mute_microphone_}) {
    const QSignalBlocker quiet(button);
    button->setEnabled(inside);
    button->setChecked(false);
  }
}

Tile* Window::tileOf(const QString& user) {
  for (size_t i = 1; i < tiles_.size(); ++i) {
    if (!user.isEmpty() && tiles_[i]->user() == user) return tiles_[i];
  }
  return nullptr;
}
